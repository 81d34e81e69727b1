"""Sentences that deny, forbid or take back what they name, before and behind the name, in many languages."""

import pytest

from untag.interpret.denial import FORBIDDEN, REVOKED, STEMS

BEHIND = (
    *(
        " is never stored with a track",
        " was removed in 3.0",
        " wird nicht erkannt",
        " wurde entfernt",
        " n'est pas calculée",
    ),
    *(
        " no se infiere",
        " fue eliminado en la versión 3",
        " não é estimada",
        " non viene stimata",
        " не определяется по лицу",
    ),
    *(
        " удалено из версии 3",
        " alanı tahmin edilmez",
        " sütunu kaldırıldı",
        "، وقد حُذف في الإصدار 3",
        " पहचाना नहीं जाता",
    ),
    *(
        "は推定しません",
        "の項目は廃止しました",
        " 추정하지 않습니다",
        "字段已于3.0删除",
        "，本期已拆除该模型",
        " tidak tersedia",
    ),
    *(" không được suy đoán", " — cột này đã bị bỏ", " nie jest rozpoznawana", " wordt niet bepaald", " حذف شد"),
)
KEPT_BEHIND = (
    *(
        " is estimated from the face",
        ", age and mask are returned",
        " tanıma ve etiketleme",
        " tahmin eder",
        " wird erkannt",
    ),
    *(
        " определяется по лицу",
        "は推定されます",
        "与年龄段一并返回",
        ". Images are not stored",
        " | no |",
        " se estima",
        "; it was removed",
    ),
)
BEFORE = (
    *("we do not infer ", "Das Gerät darf nicht ", "не распознаёт ", "Máy không đoán ", "perangkat ini tidak menebak "),
    *(
        "لا نستنتج ",
        "لم نعد نقدّر ",
        "Что не определяется: пол, ",
        "not detected: age, ",
        "系统不识别：年龄、",
        "nie rozpoznaje ",
        "не визначає ",
    ),
    *("non si deve dedurre ", "jangan menulis ", "严禁判别"),
)
KEPT_BEFORE = (
    *(
        "If not set: ",
        "بثقة لا تقل عن 0.8 ",
        "Do not worry. We show ",
        "das Gerät erkennt ",
        "определяет ",
        "Máy đoán ",
        "note: ",
    ),
)


@pytest.mark.parametrize("text", BEHIND)
def test_what_follows_takes_it_back(text):
    assert STEMS.search(text.lower())
    assert REVOKED.search(text)


@pytest.mark.parametrize("text", KEPT_BEHIND)
def test_what_follows_leaves_it(text):
    assert not REVOKED.search(text)


@pytest.mark.parametrize("text", BEFORE)
def test_what_stands_before_forbids_it(text):
    assert STEMS.search(text.lower())
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", KEPT_BEFORE)
def test_what_stands_before_leaves_it(text):
    assert not FORBIDDEN.search(text)
