namespace Portrait.Entity
{
    /// <summary>人像抓拍记录</summary>
    public class CaptureRecord
    {
        public long Id { get; set; }
        public string Sbbh { get; set; }      // 设备编号
        public DateTime Zpsj { get; set; }    // 抓拍时间
        public int Xb { get; set; }           // 性别
        public int Nld { get; set; }          // 年龄段
        public int Mz { get; set; }           // 民族（算法识别）
        public int Dyj { get; set; }          // 戴眼镜
        public string TpUrl { get; set; }     // 图片地址
    }
}
