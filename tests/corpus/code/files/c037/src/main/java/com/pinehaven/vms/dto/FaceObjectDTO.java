package com.pinehaven.vms.dto;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * 视图库人脸对象
 */
public class FaceObjectDTO {

    @JsonProperty("FaceID")
    private String faceId;

    @JsonProperty("DeviceID")
    private String deviceId;

    @JsonProperty("ShotTime")
    private String shotTime;

    /** 性别 GB/T 2261.1 */
    @JsonProperty("GenderCode")
    private String genderCode;

    @JsonProperty("AgeUpLimit")
    private Integer ageUpLimit;

    @JsonProperty("AgeLowerLimit")
    private Integer ageLowerLimit;

    /** 民族代码 GB/T 3304 */
    @JsonProperty("EthicCode")
    private String ethicCode;

    @JsonProperty("GlassStyle")
    private String glassStyle;

    @JsonProperty("SubImageList")
    private SubImageList subImageList;

    public String getFaceId() { return faceId; }
    public String getEthicCode() { return ethicCode; }
    public String getShotTime() { return shotTime; }
}
