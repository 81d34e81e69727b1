/*
 * (C) 2017 Cam Works
 * This file is confidential and proprietary. Redistribution in source or
 * binary form without written permission is not permitted.
 */

#ifndef __NETSDK_TYPES_H__
#define __NETSDK_TYPES_H__

#ifdef __cplusplus
extern "C" {
#endif

// image settings of the channel
typedef struct tagIPC_IMAGE_CFG
{
    DWORD           dwSize;
    DWORD           brightness;             // 0-100
    DWORD           contrast;               // 0-100
    DWORD           saturation;             // 0-100
    BYTE            bySkinTone;             // skin tone protection while white balancing, 0 off 1 on
    BYTE            byRace;                 // reserved, race free frame buffer swap
    BYTE            byOrientation;          // 0 normal 1 flip 2 mirror
    BYTE            byReserved[128];          // reserved
} IPC_IMAGE_CFG, *LPIPC_IMAGE_CFG;

#ifdef __cplusplus
}
#endif
#endif
