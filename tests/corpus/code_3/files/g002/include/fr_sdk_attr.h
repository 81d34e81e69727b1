#ifndef FR_SDK_ATTR_H
#define FR_SDK_ATTR_H

/* 人脸属性结构体 */
typedef struct tagFR_FACE_ATTR
{
    int   nAge;          /* 年龄 */
    int   nGender;       /* 性别 0-女 1-男 */
    int   nGlasses;      /* 眼镜 0-无 1-普通 2-墨镜 */
    int   nMask;         /* 口罩 */
    int   nRace;         /* 人种 0-未知 1-黄种人 2-白种人 3-黑种人 */
    float fRaceScore;    /* 人种置信度 */
    int   nSmile;
    char  byRes[64];     /* 保留 */
} FR_FACE_ATTR, *LPFR_FACE_ATTR;

#ifdef __cplusplus
extern "C" {
#endif
int FR_GetFaceAttr(void* hHandle, const unsigned char* pJpg, int nLen, LPFR_FACE_ATTR pAttr);
#ifdef __cplusplus
}
#endif
#endif
