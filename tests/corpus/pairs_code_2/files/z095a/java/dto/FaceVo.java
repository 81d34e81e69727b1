package com.demo.vo;

import io.swagger.annotations.ApiModelProperty;
import lombok.Data;

/** 抓拍人脸列表返回对象 */
@Data
public class FaceVo {

    @ApiModelProperty("主键")
    private Long id;

    @ApiModelProperty("图片地址")
    private String picUrl;

    @ApiModelProperty("是否新疆人（模型判断）")
    private Boolean sfxjr;

    @ApiModelProperty("置信度")
    private Double score;

    @ApiModelProperty("设备名称")
    private String devName;
}
