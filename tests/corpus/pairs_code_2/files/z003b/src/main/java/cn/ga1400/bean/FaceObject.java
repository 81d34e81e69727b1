package cn.ga1400.bean;

import com.fasterxml.jackson.annotation.JsonProperty;

/** 视图库接口：人脸对象（相机抓拍后上报） */
public class FaceObject {

    @JsonProperty("FaceID")
    private String faceId;

    @JsonProperty("GenderCode")
    private String genderCode;

    /** 两位代码，取值见 GB/T 3304，由算法填写 */
    @JsonProperty("EthicCode")
    private String ethicCode;

    @JsonProperty("AgeUpLimit")
    private Integer ageUpLimit;

    @JsonProperty("SubImageList")
    private SubImageList images;

    public String getFaceId() { return faceId; }
    public void setFaceId(String v) { this.faceId = v; }
}
