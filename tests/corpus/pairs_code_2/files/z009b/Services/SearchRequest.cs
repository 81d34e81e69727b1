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

        /// <summary>Any of: asian, african, european, latin. Empty means all.</summary>
        public string[] Ethnicities { get; set; }

        public string UpperColour { get; set; }

        [Range(1, 500)]
        public int Limit { get; set; } = 50;
    }
}
