using System;
using System.ComponentModel.DataAnnotations;

namespace Nordvik.Archive.Contracts
{
    /// <summary>Filter body of POST /archive/persons/search.</summary>
    public sealed class SearchRequest
    {
        [Required]
        public DateTimeOffset From { get; set; }

        public DateTimeOffset? To { get; set; }

        public Guid[] CameraIds { get; set; }

        /// <summary>Food-court cameras only: stall kind, any of ethnic, grill, vegan.</summary>
        public string[] Cuisines { get; set; }

        public string UpperColour { get; set; }

        [Range(1, 500)]
        public int Limit { get; set; } = 50;
    }
}
