package com.visn.config;

import java.util.Set;

/**
 * 已下线的人脸属性。民族、人种相关算法自 5.2 版本起全部移除，
 * 请求中出现这些名称时直接返回错误码 4103。
 */
public final class RemovedAttr {

    public static final Set<String> NAMES = Set.of("ethnic", "race", "skinColor");

    public static void check(String name) {
        if (NAMES.contains(name)) {
            throw new IllegalArgumentException("4103 attribute removed: " + name);
        }
    }

    private RemovedAttr() {
    }
}
