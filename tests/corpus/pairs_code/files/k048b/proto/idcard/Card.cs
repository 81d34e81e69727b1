using System.Text.Json.Serialization;

namespace IdReader;

/// <summary>二代身份证读卡器返回(芯片内文字信息与照片)</summary>
public class CardInfo
{
    public string Name { get; set; }
    public string BirthDate { get; set; }
    /// <summary>民族代码,证件上登记的内容</summary>
    public string NationCode { get; set; }
    public string IdNumber { get; set; }
    [JsonPropertyName("photo")] public byte[] FacePhoto { get; set; }
}
