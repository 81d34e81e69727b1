using System.Runtime.InteropServices;

namespace NetSDKCS
{
    /// <summary>nation of the face in the detection event</summary>
    public enum EM_NATION_TYPE
    {
        EM_NATION_TYPE_UNKNOWN = 0,
        EM_NATION_TYPE_UYGUR,
        EM_NATION_TYPE_OTHER,
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct NET_FACE_DATA
    {
        public int nAge;
        public EM_NATION_TYPE emNation;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 128)]
        public byte[] bReserved;
    }
}
