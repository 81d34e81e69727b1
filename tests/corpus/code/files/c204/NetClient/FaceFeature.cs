using System.Runtime.InteropServices;

namespace NetClient.Structs
{
    /// <summary>人脸特征信息（抓拍上报）</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NC_FACE_FEATURE
    {
        public byte byAgeGroup;   // 年龄段
        public byte bySex;        // 性别 1-男 2-女
        public byte byEyeGlass;   // 是否戴眼镜
        public byte byMask;       // 是否戴口罩
        public byte bySmile;      // 是否微笑
        public byte byHat;        // 是否戴帽子
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 10)]
        public byte[] byRes;      // 保留
    }
}
