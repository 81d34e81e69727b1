package com.memberp.cloud.api.v20230301.models;

import com.google.gson.annotations.SerializedName;
import com.google.gson.annotations.Expose;
import java.util.HashMap;

/**
 * Profile as filled in by the member.
 */
public class MemberProfile extends AbstractModel {

    /**
    * Display name.
    */
    @SerializedName("Nick")
    @Expose
    private String Nick;

    /**
    * Faith as the member entered it, may be empty
    */
    @SerializedName("Faith")
    @Expose
    private String Faith;

    /**
    * Height as entered, in cm.
    */
    @SerializedName("Height")
    @Expose
    private Long Height;

    /**
    * Number of photos.
    */
    @SerializedName("PhotoCount")
    @Expose
    private Long PhotoCount;

    public String getNick() {
        return this.Nick;
    }

    public void setNick(String Nick) {
        this.Nick = Nick;
    }

    public String getFaith() {
        return this.Faith;
    }

    public void setFaith(String Faith) {
        this.Faith = Faith;
    }

    public Long getHeight() {
        return this.Height;
    }

    public void setHeight(Long Height) {
        this.Height = Height;
    }

    public Long getPhotoCount() {
        return this.PhotoCount;
    }

    public void setPhotoCount(Long PhotoCount) {
        this.PhotoCount = PhotoCount;
    }

}
