# -*- coding: utf-8 -*-
"""多音字与姓氏读音表（节选）。"""

SURNAMES = {
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "朴": "piao",
    "回": "hui",
    "满": "man",
    "藏": "zang",
}

PHRASES = {
    "单人种田": ["dan", "ren", "zhong", "tian"],
    "面貌": ["mian", "mao"],
    "民族团结": ["min", "zu", "tuan", "jie"],
    "肤色": ["fu", "se"],
}


def surname(ch):
    return SURNAMES.get(ch)
