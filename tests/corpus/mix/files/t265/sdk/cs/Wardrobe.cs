using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace Vendor.Sdk.Models
{
    /// <summary>
    /// Tags of the outfit in a picture.
    /// </summary>
    [DataContract]
    public partial class OutfitTags
    {
        /// <summary>black, white, yellow, brown, red</summary>
        [DataMember(Name = "upperColor", EmitDefaultValue = false)]
        public string? UpperColor { get; set; }

        /// <summary>Plain, ethnic, floral, striped.</summary>
        [DataMember(Name = "pattern", EmitDefaultValue = false)]
        public string? Pattern { get; set; }

        /// <summary>Season.</summary>
        [DataMember(Name = "season", EmitDefaultValue = false)]
        public string? Season { get; set; }

        /// <summary>None, cap, beanie.</summary>
        [DataMember(Name = "hatType", EmitDefaultValue = false)]
        public string? HatType { get; set; }

    }

    /// <summary>
    /// Hint for the fit.
    /// </summary>
    [DataContract]
    public partial class FitHint
    {
        /// <summary>Angle of the body in degrees.</summary>
        [DataMember(Name = "orientation", EmitDefaultValue = false)]
        public int? Orientation { get; set; }

    }

}
