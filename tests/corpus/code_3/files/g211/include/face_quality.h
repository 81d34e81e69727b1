#ifndef FACE_QUALITY_H
#define FACE_QUALITY_H

/* 人脸质量与基础属性 */
typedef struct tagFACE_QUALITY
{
    float fClarity;      /* 清晰度 */
    float fBrightness;   /* 亮度 */
    int   nAge;          /* 年龄 */
    int   nExpression;   /* 表情 0-平静 1-高兴 2-惊讶 */
    int   nGlasses;      /* 眼镜 */
    int   nHairColor;    /* 发色 0-黑 1-白 2-黄 3-棕 */
    int   nUpperColor;   /* 上衣颜色 0-黑 1-白 2-黄 */
    char  szNationStd[8];/* 国标版本号，例如 GB28181 */
} FACE_QUALITY;

int FQ_Evaluate(const unsigned char *pYuv, int w, int h, FACE_QUALITY *pOut);
#endif
