/*
 * Copyright 2020 Gatekeeper Systems. All Rights Reserved.
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

package com.faceset.cloud.api.v20230301.models;

import com.google.gson.annotations.SerializedName;
import com.google.gson.annotations.Expose;
import java.util.HashMap;

/**
 * Person enrolled in a face set.
 */
public class FaceSetPerson extends AbstractModel {

    /**
    * Identifier.
    */
    @SerializedName("PersonId")
    @Expose
    private String PersonId;

    /**
    * Ethnicity code written by the attribute engine at enrolment
    */
    @SerializedName("Ethnic")
    @Expose
    private Long Ethnic;

    /**
    * Number of face pictures.
    */
    @SerializedName("FaceCount")
    @Expose
    private Long FaceCount;

    /**
    * The unique request ID, returned with every call.
    */
    @SerializedName("RequestId")
    @Expose
    private String RequestId;

    public String getPersonId() {
        return this.PersonId;
    }

    public void setPersonId(String PersonId) {
        this.PersonId = PersonId;
    }

    public Long getEthnic() {
        return this.Ethnic;
    }

    public void setEthnic(Long Ethnic) {
        this.Ethnic = Ethnic;
    }

    public Long getFaceCount() {
        return this.FaceCount;
    }

    public void setFaceCount(Long FaceCount) {
        this.FaceCount = FaceCount;
    }

    public String getRequestId() {
        return this.RequestId;
    }

    public void setRequestId(String RequestId) {
        this.RequestId = RequestId;
    }

}
