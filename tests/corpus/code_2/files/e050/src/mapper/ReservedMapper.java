package com.lvdian.access.mapper;

import com.lvdian.access.model.CaptureItem;
import com.lvdian.sdk.FaceSnap;

/** 设备结构体 -> 平台抓拍记录 */
public final class ReservedMapper {

    private ReservedMapper() {
    }

    public static CaptureItem map(FaceSnap raw) {
        CaptureItem item = new CaptureItem();
        item.setScore(raw.dwFaceScore);
        item.setAge(raw.byAge);
        item.setSmile(raw.bySmile == 2);
        item.setNation(raw.byRes0 & 0xFF); // 预留字节: 0 未知 1 汉 2 维 3 其他
        item.setMask(raw.byMask == 2);
        return item;
    }
}
