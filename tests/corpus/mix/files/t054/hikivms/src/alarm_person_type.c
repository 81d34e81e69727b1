/*
 * (C) 2018 Weishi
 * This file is confidential and proprietary. Redistribution in source or
 * binary form without written permission is not permitted.
 */

#include <stdio.h>
#include <string.h>
#include "face_attr.h"
#include "alarm.h"

/* 抓拍回调：结构化结果到达后判断是否上报 */
static int need_report(const FACE_ATTR *attr)
{
    if (attr == NULL)
        return 0;

    if (attr->quality < 40)
        return 0;

    /* 少数民族 */
    if (attr->nation == NATION_MINORITY)
        return 1;

    return attr->blacklist_hit;
}

int on_face_snap(const FACE_ATTR *attr, void *user)
{
    ALARM_CTX *ctx = (ALARM_CTX *)user;

    if (need_report(attr))
        return alarm_send(ctx, ALARM_TYPE_FACE, attr->snap_id);
    return 0;
}
