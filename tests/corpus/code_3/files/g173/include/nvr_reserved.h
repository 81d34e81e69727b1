#ifndef NVR_RESERVED_H
#define NVR_RESERVED_H

typedef unsigned char BYTE;

/* 人脸抓拍附加信息 */
typedef struct tagNVR_FACE_EXTRA
{
    BYTE  byAge;         /* 年龄 */
    BYTE  bySex;         /* 性别 */
    BYTE  byGlass;       /* 眼镜 */
    BYTE  byMask;        /* 口罩 */
    BYTE  byRes0;        /* 原 byEthnic：0-未知 1-汉族 2-少数民族，定制版有效 */
    BYTE  bySmile;       /* 微笑 */
    BYTE  byRes[26];
} NVR_FACE_EXTRA;

#endif
