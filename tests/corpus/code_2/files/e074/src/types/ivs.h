/* 智能抓拍上传结构,定长 64 字节 */
#pragma once

typedef struct tagIVS_FACE_SNAP
{
    unsigned int   dwSize;
    unsigned int   dwFaceScore;
    unsigned char  byAgeGroup;      /* 年龄段 */
    unsigned char  bySex;           /* 性别 1-男 2-女 */
    unsigned char  byGlass;         /* 是否戴眼镜 */
    unsigned char  bySsmz;          /* 是否少数民族 0-未知 1-否 2-是 */
    unsigned char  byMask;          /* 是否戴口罩 */
    unsigned char  byRes[3];
    unsigned int   dwPicLen;
    char          *pPic;
    unsigned char  byRes2[32];
} IVS_FACE_SNAP, *LPIVS_FACE_SNAP;
