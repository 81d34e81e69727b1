<?php
namespace Sdk\Models;

use Sdk\Common\AbstractModel;

/**
 * 报关商品
 *
 * @method string getHsCode() 获取商品编码
 * @method void setHsCode(string $HsCode) 设置商品编码
 * @method string getOriginCountry() 获取原产国（地区）
 * @method void setOriginCountry(string $OriginCountry) 设置原产国（地区）
 * @method string getDestCountry() 获取目的国
 * @method void setDestCountry(string $DestCountry) 设置目的国
 * @method string getParty() 获取合同当事方
 * @method void setParty(string $Party) 设置合同当事方
 * @method float getWeight() 获取净重
 * @method void setWeight(float $Weight) 设置净重
 */
class TradeGoods extends AbstractModel
{
    /** @var string 商品编码 */
    public $HsCode;

    /** @var string 原产国（地区） */
    public $OriginCountry;

    /** @var string 目的国 */
    public $DestCountry;

    /** @var string 合同当事方 */
    public $Party;

    /** @var float 净重 */
    public $Weight;

    public function deserialize($param)
    {
        if ($param === null) {
            return;
        }
        if (array_key_exists("HsCode", $param)) {
            $this->HsCode = $param["HsCode"];
        }
        if (array_key_exists("OriginCountry", $param)) {
            $this->OriginCountry = $param["OriginCountry"];
        }
        if (array_key_exists("DestCountry", $param)) {
            $this->DestCountry = $param["DestCountry"];
        }
        if (array_key_exists("Party", $param)) {
            $this->Party = $param["Party"];
        }
        if (array_key_exists("Weight", $param)) {
            $this->Weight = $param["Weight"];
        }
    }
}
