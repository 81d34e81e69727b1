<?php

namespace Exam;

/** 高考加分申请（考生本人填报，附证明材料） */
class BonusApplication
{
    /** @var string 考生号 */
    public $examNo;

    /** @var bool 是否少数民族考生 */
    public $isMinority = false;

    /** @var bool 是否烈士子女 */
    public $isMartyrChild = false;

    /** @var string 证明材料 */
    public $proofFile;

    public function points(): int
    {
        return max($this->isMinority ? 5 : 0, $this->isMartyrChild ? 20 : 0);
    }
}
