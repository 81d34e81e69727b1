/*
 * (C) 2018 ZX Vision
 * This file is confidential and proprietary. Redistribution in source or
 * binary form without written permission is not permitted.
 */

#ifndef __NETSDK_TYPES_H__
#define __NETSDK_TYPES_H__

#ifdef __cplusplus
extern "C" {
#endif

// 人脸抓拍属性
typedef struct tagNET_FACE_ATTR
{
    DWORD           dwSize;
    BYTE            byAge;                  // 年龄
    BYTE            byGender;               // 性别 0-未知 1-男 2-女
    BYTE            byNation;               // 民族 0-未知 1-维族 2-非维族
    BYTE            byMask;                 // 口罩 0-未知 1-未戴 2-戴
    BYTE            byGlasses;              // 眼镜
    float           fQuality;               // 人脸质量
    BYTE            byReserved[128];          // reserved
} NET_FACE_ATTR, *LPNET_FACE_ATTR;

#ifdef __cplusplus
}
#endif
#endif
