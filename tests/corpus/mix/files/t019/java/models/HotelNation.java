package com.nationi.cloud.api.v20230301.models;

import com.google.gson.annotations.SerializedName;
import com.google.gson.annotations.Expose;
import java.util.HashMap;

/**
 * 国家/地区信息，用于酒店地址
 */
public class NationInfo extends AbstractModel {

    /**
    * 国家代码，ISO 3166-1 两位
    */
    @SerializedName("NationCode")
    @Expose
    private String NationCode;

    /**
    * 国家名称
    */
    @SerializedName("NationName")
    @Expose
    private String NationName;

    /**
    * 所属大洲
    */
    @SerializedName("Continent")
    @Expose
    private String Continent;

    /**
    * 国际电话区号
    */
    @SerializedName("PhonePrefix")
    @Expose
    private String PhonePrefix;

    /**
    * 默认货币
    */
    @SerializedName("Currency")
    @Expose
    private String Currency;

    public String getNationCode() {
        return this.NationCode;
    }

    public void setNationCode(String NationCode) {
        this.NationCode = NationCode;
    }

    public String getNationName() {
        return this.NationName;
    }

    public void setNationName(String NationName) {
        this.NationName = NationName;
    }

    public String getContinent() {
        return this.Continent;
    }

    public void setContinent(String Continent) {
        this.Continent = Continent;
    }

    public String getPhonePrefix() {
        return this.PhonePrefix;
    }

    public void setPhonePrefix(String PhonePrefix) {
        this.PhonePrefix = PhonePrefix;
    }

    public String getCurrency() {
        return this.Currency;
    }

    public void setCurrency(String Currency) {
        this.Currency = Currency;
    }

}
