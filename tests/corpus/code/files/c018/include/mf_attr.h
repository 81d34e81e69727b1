#ifndef MF_ATTR_H
#define MF_ATTR_H

/* 性别 */
#define MF_SEX_FEMALE   0
#define MF_SEX_MALE     1

/* 人种 */
#define MF_RACE_YELLOW  0   /* 黄种人 */
#define MF_RACE_WHITE   1   /* 白种人 */
#define MF_RACE_BLACK   2   /* 黑种人 */

/* 人脸属性结果 */
typedef struct {
    int   age;          /* 年龄 */
    int   sex;          /* 性别 */
    int   raceType;     /* 人种 */
    float raceConf;     /* 人种置信度 */
    int   eyeglass;     /* 眼镜 */
    int   expression;   /* 表情 */
} MF_FACE_ATTR;

int MF_GetFaceAttr(void *handle, const unsigned char *bgr, int w, int h, MF_FACE_ATTR *attr);

#endif
