package com.cloudface.iai;

import java.util.HashMap;
import java.util.Map;

/**
 * 人脸检测与属性分析请求
 */
public class DetectFaceAttributesRequest {

    /** 需要返回的属性，逗号分隔 */
    private String faceAttributesType = "Age,Beauty,Emotion,Gender,Skin";

    private String url;
    private Long maxFaceNum = 1L;

    /** 肤色类型取值：0 黄色，1 棕色，2 黑色，3 白色 */
    public Map<String, Object> toMap() {
        Map<String, Object> m = new HashMap<>();
        m.put("FaceAttributesType", faceAttributesType);
        m.put("Url", url);
        m.put("MaxFaceNum", maxFaceNum);
        return m;
    }
}
