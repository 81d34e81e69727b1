using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace Vendor.Sdk.Models
{
    /// <summary>
    /// Condition of a face search on the recorder.
    /// </summary>
    [DataContract]
    public partial class FaceSearchCondition
    {
        /// <summary>Start.</summary>
        [DataMember(Name = "startTime", EmitDefaultValue = false)]
        public DateTime? StartTime { get; set; }

        /// <summary>Stop.</summary>
        [DataMember(Name = "stopTime", EmitDefaultValue = false)]
        public DateTime? StopTime { get; set; }

        /// <summary>Nationality group guessed from the face; empty means all.</summary>
        [DataMember(Name = "nationGuess", EmitDefaultValue = false)]
        public int? NationGuess { get; set; }

        /// <summary>0 to 100.</summary>
        [DataMember(Name = "similarity", EmitDefaultValue = false)]
        public int? Similarity { get; set; }

    }

    /// <summary>
    /// Result item.
    /// </summary>
    [DataContract]
    public partial class FaceSearchItem
    {
        /// <summary>Left coordinate of the bounding box, in pixels.</summary>
        [DataMember(Name = "x", EmitDefaultValue = false)]
        public int? X { get; set; }

        /// <summary>Top coordinate of the bounding box, in pixels.</summary>
        [DataMember(Name = "y", EmitDefaultValue = false)]
        public int? Y { get; set; }

        /// <summary>Width of the bounding box.</summary>
        [DataMember(Name = "width", EmitDefaultValue = false)]
        public int? Width { get; set; }

        /// <summary>Height of the bounding box.</summary>
        [DataMember(Name = "height", EmitDefaultValue = false)]
        public int? Height { get; set; }

    }

}
