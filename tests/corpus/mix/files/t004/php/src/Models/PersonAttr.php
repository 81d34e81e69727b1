<?php
/*
 * Copyright (c) 2020 Shixun Cloud
 * SPDX-License-Identifier: MIT
 */

namespace Sdk\Models;

use Sdk\Common\AbstractModel;

/**
 * 行人检索条件
 *
 * @method array getCameraIds() 获取摄像机编号列表
 * @method void setCameraIds(array $CameraIds) 设置摄像机编号列表
 * @method string getBeginTime() 获取开始时间
 * @method void setBeginTime(string $BeginTime) 设置开始时间
 * @method string getEndTime() 获取结束时间
 * @method void setEndTime(string $EndTime) 设置结束时间
 * @method string getUpperColor() 获取上衣颜色
 * @method void setUpperColor(string $UpperColor) 设置上衣颜色
 * @method int getReligiousDress() 获取宗教着装：1 头巾，2 白帽，3 其他宗教服饰
 * @method void setReligiousDress(int $ReligiousDress) 设置宗教着装：1 头巾，2 白帽，3 其他宗教服饰
 * @method bool getBag() 获取是否背包
 * @method void setBag(bool $Bag) 设置是否背包
 */
class PersonAttr extends AbstractModel
{
    /** @var array 摄像机编号列表 */
    public $CameraIds;

    /** @var string 开始时间 */
    public $BeginTime;

    /** @var string 结束时间 */
    public $EndTime;

    /** @var string 上衣颜色 */
    public $UpperColor;

    /** @var int 宗教着装：1 头巾，2 白帽，3 其他宗教服饰 */
    public $ReligiousDress;

    /** @var bool 是否背包 */
    public $Bag;

    public function deserialize($param)
    {
        if ($param === null) {
            return;
        }
        if (array_key_exists("CameraIds", $param)) {
            $this->CameraIds = $param["CameraIds"];
        }
        if (array_key_exists("BeginTime", $param)) {
            $this->BeginTime = $param["BeginTime"];
        }
        if (array_key_exists("EndTime", $param)) {
            $this->EndTime = $param["EndTime"];
        }
        if (array_key_exists("UpperColor", $param)) {
            $this->UpperColor = $param["UpperColor"];
        }
        if (array_key_exists("ReligiousDress", $param)) {
            $this->ReligiousDress = $param["ReligiousDress"];
        }
        if (array_key_exists("Bag", $param)) {
            $this->Bag = $param["Bag"];
        }
    }
}
