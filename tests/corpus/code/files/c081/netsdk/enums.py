# -*- coding: utf-8 -*-
from enum import IntEnum


class EM_SEX_TYPE(IntEnum):
    UNKNOWN = 0   # 未知
    MALE = 1      # 男
    FEMALE = 2    # 女


class EM_EMOTION(IntEnum):
    UNKNOWN = 0
    SMILE = 1
    CALM = 2
    ANGRY = 3


class EM_FACE_NATION(IntEnum):
    """目标人脸民族类型"""
    UNKNOWN = 0       # 未知
    UYGUR = 1         # 维族
    OTHER = 2         # 其他
    NODISTI = 3       # 设备未识别


class EM_GLASSES(IntEnum):
    UNKNOWN = 0
    WITHOUT = 1
    NORMAL = 2
    SUN = 3
