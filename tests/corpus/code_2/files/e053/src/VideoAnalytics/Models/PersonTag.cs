using System;
using System.Collections.Generic;

namespace VideoAnalytics.Models
{
    public enum PoliticalLean { Unknown, Left, Centre, Right }

    /// <summary>Tag set computed from all sightings of one face cluster.</summary>
    public class PersonTag
    {
        public Guid ClusterId { get; set; }
        public int Sightings { get; set; }
        public DateTime LastSeen { get; set; }
        public List<string> EventTypes { get; } = new();

        /// <summary>Filled by LeanEstimator from banners and events.</summary>
        public PoliticalLean Lean { get; set; }
        public double LeanConfidence { get; set; }
    }
}
