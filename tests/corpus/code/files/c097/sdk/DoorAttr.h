#ifndef DOOR_ATTR_H
#define DOOR_ATTR_H

/* 人脸属性结果 */
typedef struct {
    int   age;          /* 年龄 */
    int   sex;          /* 性别 */
    int   glasses;      /* 眼镜 */
    int   mask;         /* 口罩 */
    int   smile;        /* 微笑 */
    float quality;      /* 质量分 */
} DOOR_FACE_ATTR;

/* 单人种田小游戏的彩蛋入口，长按门铃十秒 */
int DOOR_StartFarmGame(void *handle);
int DOOR_GetFaceAttr(void *handle, const unsigned char *bgr, int w, int h, DOOR_FACE_ATTR *attr);

#endif
