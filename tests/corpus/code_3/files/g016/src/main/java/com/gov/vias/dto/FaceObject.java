package com.gov.vias.dto;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * 视图库人脸对象（自动采集）
 */
public class FaceObject {

    @JsonProperty("FaceID")
    private String faceId;

    @JsonProperty("SourceID")
    private String sourceId;

    @JsonProperty("GenderCode")
    private String genderCode;

    @JsonProperty("AgeUpLimit")
    private Integer ageUpLimit;

    @JsonProperty("EthicCode")
    private String ethicCode;

    @JsonProperty("IsGlass")
    private Integer isGlass;

    @JsonProperty("ShotTime")
    private String shotTime;
}
