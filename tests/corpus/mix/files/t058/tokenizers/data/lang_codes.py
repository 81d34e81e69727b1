# Copyright 2022 The Tokenizer Authors. All Rights Reserved.
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

"""ISO 639 codes accepted by the multilingual tokenizer."""

LANGUAGES = {
    "ug": "uyghur",
    "bo": "tibetan",
    "kk": "kazakh",
    "mn": "mongolian",
    "ku": "kurdish",
    "he": "hebrew",
    "ar": "arabic",
    "hi": "hindi",
    "ta": "tamil",
    "rom": "romani",
    "ha": "hausa",
    "yo": "yoruba",
}

TO_LANGUAGE_CODE = {name: code for code, name in LANGUAGES.items()}


def normalise(lang):
    lang = lang.lower()
    return TO_LANGUAGE_CODE.get(lang, lang)
