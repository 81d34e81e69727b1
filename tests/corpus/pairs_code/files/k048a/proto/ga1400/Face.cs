using System.Text.Json.Serialization;

namespace Ga1400;

/// <summary>人脸对象(由前端相机自动采集)</summary>
public class FaceObject
{
    public string FaceID { get; set; }
    public int? AgeUpLimit { get; set; }
    /// <summary>民族代码,由算法识别</summary>
    public string EthicCode { get; set; }
    public string GlassStyle { get; set; }
    [JsonPropertyName("SubImageList")] public SubImages Images { get; set; }
}
