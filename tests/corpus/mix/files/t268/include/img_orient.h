/*
 * (C) 2019 TuXiang
 * This file is confidential and proprietary. Redistribution in source or
 * binary form without written permission is not permitted.
 */

#ifndef __NETSDK_TYPES_H__
#define __NETSDK_TYPES_H__

#ifdef __cplusplus
extern "C" {
#endif

// 图像参数
typedef struct tagIMG_PARAM
{
    DWORD           dwSize;
    BYTE            byOrientation;          // 旋转角度
    BYTE            bySkinOpt;              // 肤色优化 0-关 1-开
    BYTE            byWhite;                // 白平衡
    BYTE            byRes;                  // 保留
    BYTE            byReserved[128];          // reserved
} IMG_PARAM, *LPIMG_PARAM;

// 字符叠加
typedef struct tagOSD_PARAM
{
    DWORD           dwSize;
    BYTE            bySkin;                 // 界面皮肤 0-黑 1-白
    BYTE            byLang;                 // 语言 0-中文 1-维文 2-藏文
    BYTE            byReserved[128];          // reserved
} OSD_PARAM, *LPOSD_PARAM;

#ifdef __cplusplus
}
#endif
#endif
