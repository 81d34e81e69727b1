#pragma once
#include <windows.h>

/* 人体/人脸抓拍附加信息，随报警回调上传 */
typedef struct tagNET_HUMAN_FEATURE
{
    DWORD dwSize;
    BYTE  byAgeGroup;      /* 年龄段 */
    BYTE  bySex;           /* 1-男 2-女 */
    BYTE  byEyeGlass;      /* 是否戴眼镜 */
    BYTE  byMask;          /* 是否戴口罩 */
    BYTE byEthnic; /* 民族 0-未知 1-汉族 2-少数民族 */
    BYTE  byHat;           /* 是否戴帽子 */
    BYTE  byRes[26];       /* 保留 */
} NET_HUMAN_FEATURE, *LPNET_HUMAN_FEATURE;

typedef void (CALLBACK *HumanCallback)(LONG lHandle, const NET_HUMAN_FEATURE *pInfo,
                                       const BYTE *pJpeg, DWORD dwLen, void *pUser);
