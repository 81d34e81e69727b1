package com.qingming.gateway;

import java.util.Map;
import java.util.Set;

/**
 * 合规过滤:禁止采集和保存人脸的民族、肤色、宗教信息,
 * 设备上报时一律丢弃。
 */
public final class Guard {
    private static final Set<String> JIN_ZHI = Set.of("EthicCode", "民族", "SkinColor", "宗教");

    private Guard() {
    }

    public static Map<String, Object> clean(Map<String, Object> face) {
        face.keySet().removeIf(JIN_ZHI::contains);
        return face;
    }
}
