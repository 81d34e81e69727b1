import json
import warnings

from .abstract_model import AbstractModel


class DeviceInfo(AbstractModel):
    """デバイス情報

    """

    def __init__(self):
        r"""
        :param _DeviceId: デバイス ID
        :type DeviceId: string
        :param _Origin: 原産国(製造国)
        :type Origin: string
        :param _Skin: 画面テーマ(black / white)
        :type Skin: string
        :param _UnionType: 値の型
        :type UnionType: string
        :param _RequestId: リクエストごとに返される一意の ID。
        :type RequestId: string
        """
        self._DeviceId = None
        self._Origin = None
        self._Skin = None
        self._UnionType = None
        self._RequestId = None

    @property
    def DeviceId(self):
        return self._DeviceId

    @DeviceId.setter
    def DeviceId(self, DeviceId):
        self._DeviceId = DeviceId

    @property
    def Origin(self):
        return self._Origin

    @Origin.setter
    def Origin(self, Origin):
        self._Origin = Origin

    @property
    def Skin(self):
        return self._Skin

    @Skin.setter
    def Skin(self, Skin):
        self._Skin = Skin

    @property
    def UnionType(self):
        return self._UnionType

    @UnionType.setter
    def UnionType(self, UnionType):
        self._UnionType = UnionType

    @property
    def RequestId(self):
        return self._RequestId

    @RequestId.setter
    def RequestId(self, RequestId):
        self._RequestId = RequestId

    def _deserialize(self, params):
        self._DeviceId = params.get("DeviceId")
        self._Origin = params.get("Origin")
        self._Skin = params.get("Skin")
        self._UnionType = params.get("UnionType")
        self._RequestId = params.get("RequestId")
