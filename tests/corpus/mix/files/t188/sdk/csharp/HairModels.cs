using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace Vendor.Sdk.Models
{
    /// <summary>
    /// 髪の属性
    /// </summary>
    [DataContract]
    public partial class HairAttribute
    {
        /// <summary>髪の色。black / brown / blond / white / gray。</summary>
        [DataMember(Name = "hairColor", EmitDefaultValue = false)]
        public string? HairColor { get; set; }

        /// <summary>髪の長さ。</summary>
        [DataMember(Name = "hairLength", EmitDefaultValue = false)]
        public string? HairLength { get; set; }

        /// <summary>表情。</summary>
        [DataMember(Name = "emotion", EmitDefaultValue = false)]
        public string? Emotion { get; set; }

    }

    /// <summary>
    /// 顔の位置
    /// </summary>
    [DataContract]
    public partial class FaceBox
    {
        /// <summary>矩形の左上 X 座標。</summary>
        [DataMember(Name = "x", EmitDefaultValue = false)]
        public int? X { get; set; }

        /// <summary>矩形の左上 Y 座標。</summary>
        [DataMember(Name = "y", EmitDefaultValue = false)]
        public int? Y { get; set; }

        /// <summary>矩形の幅。</summary>
        [DataMember(Name = "width", EmitDefaultValue = false)]
        public int? Width { get; set; }

        /// <summary>矩形の高さ。</summary>
        [DataMember(Name = "height", EmitDefaultValue = false)]
        public int? Height { get; set; }

    }

}
