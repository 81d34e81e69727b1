/*
 * Copyright 2020 Eolgul Corp. All Rights Reserved.
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
 * 얼굴 속성 분석 결과
 */
public class FaceAttributeInfo extends AbstractModel {

    /**
    * 얼굴 영역의 왼쪽 좌표
    */
    @SerializedName("X")
    @Expose
    private Long X;

    /**
    * 얼굴 영역의 위쪽 좌표
    */
    @SerializedName("Y")
    @Expose
    private Long Y;

    /**
    * 얼굴 영역의 너비
    */
    @SerializedName("Width")
    @Expose
    private Long Width;

    /**
    * 얼굴 영역의 높이
    */
    @SerializedName("Height")
    @Expose
    private Long Height;

    /**
    * 추정 인종 (0: 황인, 1: 백인, 2: 흑인)
    */
    @SerializedName("Injong")
    @Expose
    private Long Injong;

    /**
    * 모자 착용 여부
    */
    @SerializedName("Hat")
    @Expose
    private Boolean Hat;

    public Long getX() {
        return this.X;
    }

    public void setX(Long X) {
        this.X = X;
    }

    public Long getY() {
        return this.Y;
    }

    public void setY(Long Y) {
        this.Y = Y;
    }

    public Long getWidth() {
        return this.Width;
    }

    public void setWidth(Long Width) {
        this.Width = Width;
    }

    public Long getHeight() {
        return this.Height;
    }

    public void setHeight(Long Height) {
        this.Height = Height;
    }

    public Long getInjong() {
        return this.Injong;
    }

    public void setInjong(Long Injong) {
        this.Injong = Injong;
    }

    public Boolean getHat() {
        return this.Hat;
    }

    public void setHat(Boolean Hat) {
        this.Hat = Hat;
    }

}
