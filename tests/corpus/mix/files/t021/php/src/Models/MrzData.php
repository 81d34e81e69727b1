<?php
/*
 * Copyright (c) 2022 DocRead
 * SPDX-License-Identifier: MIT
 */

namespace Sdk\Models;

use Sdk\Common\AbstractModel;

/**
 * Fields of the machine readable zone
 *
 * @method string getDocumentNumber() number of the document
 * @method string getNationality() nationality printed in the MRZ, three letters
 * @method string getBirthDate() date of birth YYMMDD
 * @method string getSex() F, M or <
 * @method string getExpiry() date of expiry
 */
class MrzData extends AbstractModel
{
    /** @var string number of the document */
    public $DocumentNumber;

    /** @var string nationality printed in the MRZ, three letters */
    public $Nationality;

    /** @var string date of birth YYMMDD */
    public $BirthDate;

    /** @var string F, M or < */
    public $Sex;

    /** @var string date of expiry */
    public $Expiry;

    public function deserialize($param)
    {
        if ($param === null) {
            return;
        }
        if (array_key_exists("DocumentNumber", $param)) {
            $this->DocumentNumber = $param["DocumentNumber"];
        }
        if (array_key_exists("Nationality", $param)) {
            $this->Nationality = $param["Nationality"];
        }
        if (array_key_exists("BirthDate", $param)) {
            $this->BirthDate = $param["BirthDate"];
        }
        if (array_key_exists("Sex", $param)) {
            $this->Sex = $param["Sex"];
        }
        if (array_key_exists("Expiry", $param)) {
            $this->Expiry = $param["Expiry"];
        }
    }
}
