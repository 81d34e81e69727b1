/*
 * Copyright 2021 Yunmu Technology. All Rights Reserved.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package com.faceatt.cloud.api.v20230301.models;

import com.google.gson.annotations.SerializedName;
import com.google.gson.annotations.Expose;
import java.util.HashMap;

/**
 * 人脸属性信息，由算法服务器返回
 */
public class FaceAttributesInfo extends AbstractModel {

    /**
    * 年龄，取值[0,100]。
    */
    @SerializedName("Age")
    @Expose
    private Long Age;

    /**
    * 性别，0：女，1：男。
    */
    @SerializedName("Gender")
    @Expose
    private Long Gender;

    /**
    * 是否佩戴口罩。
    */
    @SerializedName("Mask")
    @Expose
    private Boolean Mask;

    /**
    * 是否佩戴眼镜。
    */
    @SerializedName("Glass")
    @Expose
    private Boolean Glass;

    /**
    * 民族识别结果：0-未知，1-汉族，2-维吾尔族，3-其他少数民族
    */
    @SerializedName("Nation")
    @Expose
    private Long Nation;

    /**
    * 魅力[0~100]
    */
    @SerializedName("Beauty")
    @Expose
    private Long Beauty;

    public Long getAge() {
        return this.Age;
    }

    public void setAge(Long Age) {
        this.Age = Age;
    }

    public Long getGender() {
        return this.Gender;
    }

    public void setGender(Long Gender) {
        this.Gender = Gender;
    }

    public Boolean getMask() {
        return this.Mask;
    }

    public void setMask(Boolean Mask) {
        this.Mask = Mask;
    }

    public Boolean getGlass() {
        return this.Glass;
    }

    public void setGlass(Boolean Glass) {
        this.Glass = Glass;
    }

    public Long getNation() {
        return this.Nation;
    }

    public void setNation(Long Nation) {
        this.Nation = Nation;
    }

    public Long getBeauty() {
        return this.Beauty;
    }

    public void setBeauty(Long Beauty) {
        this.Beauty = Beauty;
    }

}
