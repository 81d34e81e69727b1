package com.vsee.viid.dto;

import com.fasterxml.jackson.annotation.JsonProperty;

/** 视图库 人脸对象,由前端采集设备上报 */
public class FaceObject {
    @JsonProperty("FaceID")
    private String faceId;
    @JsonProperty("DeviceID")
    private String deviceId;
    @JsonProperty("ShotTime")
    private String shotTime;
    @JsonProperty("AgeUpLimit")
    private Integer ageUpLimit;
    @JsonProperty("AgeLowerLimit")
    private Integer ageLowerLimit;
    @JsonProperty("EthicCode")
    private String ethicCode;
    @JsonProperty("GlassStyle")
    private String glassStyle;

    public String getEthicCode() {
        return ethicCode;
    }

    public void setEthicCode(String v) {
        this.ethicCode = v;
    }
}
