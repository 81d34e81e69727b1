using System;
using System.Runtime.InteropServices;

namespace NetClient.Structs
{
    /// <summary>人体特征信息（抓拍上报）</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NC_HUMAN_FEATURE
    {
        public byte byAgeGroup;      // 年龄段，见 NC_AGE_GROUP
        public byte bySex;           // 性别 1-男 2-女
        public byte byEyeGlass;      // 是否戴眼镜 1-否 2-是
        public byte byMask;          // 是否戴口罩 1-否 2-是
        public byte byMinority;      // 是否少数民族：0-全部 1-否 2-是 0xff-未知
        public byte bySmile;         // 是否微笑
        public byte byBeard;         // 是否有胡子
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 9)]
        public byte[] byRes;

        public void Init()
        {
            byRes = new byte[9];
        }
    }
}
