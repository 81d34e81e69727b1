package com.demo.vo;

import io.swagger.annotations.ApiModelProperty;
import lombok.Data;

/** 纺织品图像列表返回对象 */
@Data
public class ClothVo {

    @ApiModelProperty("主键")
    private Long id;

    @ApiModelProperty("图片地址")
    private String picUrl;

    @ApiModelProperty("是否新疆棉（吊牌识别）")
    private Boolean sfxjm;

    @ApiModelProperty("置信度")
    private Double score;

    @ApiModelProperty("设备名称")
    private String devName;
}
