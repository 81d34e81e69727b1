package com.ivs.body.dto;

import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import lombok.Data;

import java.util.List;

@Data
@ApiModel("人体以文搜图条件")
public class BodySearchDTO {

    @ApiModelProperty("相机编码列表")
    private List<String> cameraCodes;

    @ApiModelProperty("开始时间，毫秒")
    private Long beginTime;

    @ApiModelProperty("结束时间，毫秒")
    private Long endTime;

    @ApiModelProperty("上衣颜色")
    private Integer coatColor;

    @ApiModelProperty("目标人员肤色：1 黄 2 白 3 黑 4 棕")
    private Integer skinColor;

    @ApiModelProperty("是否戴帽")
    private Boolean hat;
}
