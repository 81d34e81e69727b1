using System.Runtime.InteropServices;

namespace NetSDKCS
{
    /// <summary>language of the text on the picture</summary>
    public enum EM_LANGUAGE_TYPE
    {
        EM_LANGUAGE_TYPE_ENGLISH = 0,
        EM_LANGUAGE_TYPE_UYGUR,
        EM_LANGUAGE_TYPE_OTHER,
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct NET_OSD_DATA
    {
        public int nAge;
        public EM_LANGUAGE_TYPE emLanguage;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 128)]
        public byte[] bReserved;
    }
}
