/* 字体回退表:按文种选择点阵字库,用于摄像机画面的文字叠加 (OSD) */
#include <stddef.h>

struct font_item {
    const char *script;
    const char *file;
};

static const struct font_item FONTS[] = {
    {"汉文",   "song16.bin"},
    {"维吾尔文", "ukij16.bin"},
    {"藏文",   "jomo16.bin"},
    {"蒙古文", "menk16.bin"},
    {"彝文",   "yi16.bin"},
    {NULL, NULL},
};

const char *osd_font(size_t i)
{
    return FONTS[i].file;
}
