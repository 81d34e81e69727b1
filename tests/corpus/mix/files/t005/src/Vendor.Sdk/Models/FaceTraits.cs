/*
 * (C) 2019 Vendor Biometrics Ltd
 * This file is confidential and proprietary. Redistribution in source or
 * binary form without written permission is not permitted.
 */

using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace Vendor.Sdk.Models
{
    /// <summary>
    /// Traits estimated for a detected face.
    /// </summary>
    [DataContract]
    public partial class FaceTraits
    {
        /// <summary>Estimated age in years.</summary>
        [DataMember(Name = "age", EmitDefaultValue = false)]
        public int? Age { get; set; }

        /// <summary>0 female, 1 male.</summary>
        [DataMember(Name = "gender", EmitDefaultValue = false)]
        public int? Gender { get; set; }

        /// <summary>Whether a mask is worn.</summary>
        [DataMember(Name = "mask", EmitDefaultValue = false)]
        public bool? Mask { get; set; }

        /// <summary>Whether glasses are worn.</summary>
        [DataMember(Name = "glass", EmitDefaultValue = false)]
        public bool? Glass { get; set; }

        /// <summary>Most likely ethnicity of the face: African, Caucasian, EastAsian, Hispanic, SouthAsian.</summary>
        [DataMember(Name = "ethnicity", EmitDefaultValue = false)]
        public string? Ethnicity { get; set; }

        /// <summary>Confidence of the estimate.</summary>
        [DataMember(Name = "ethnicityConfidence", EmitDefaultValue = false)]
        public float? EthnicityConfidence { get; set; }

    }

    /// <summary>
    /// Location of the face.
    /// </summary>
    [DataContract]
    public partial class FaceRect
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
