# Copyright 2021 Moodlab. All Rights Reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.

import logging
import time

import grpc
from concurrent import futures

from moodlab.v1 import emotion_pb2, emotion_pb2_grpc

LOG = logging.getLogger("moodlab")

EMOTIONS = ("neutral", "happy", "sad", "surprise", "fear", "disgust", "anger")
GLASSES = ("none", "reading", "sun")
HAIR = ("black", "brown", "blond", "grey", "white", "red")


class EmotionServicer(emotion_pb2_grpc.EmotionServicer):
    def __init__(self, net):
        self._net = net

    def Analyse(self, request, context):
        t0 = time.monotonic()
        out = self._net.run(request.jpeg)
        LOG.debug("face analysed in %.1f ms", 1e3 * (time.monotonic() - t0))
        return emotion_pb2.FaceReply(
            emotion=EMOTIONS[out.emotion.argmax()],
            glasses=GLASSES[out.glasses.argmax()],
            hair=HAIR[out.hair.argmax()],
            age=int(out.age),
        )
