"""The classes of a detector of objects: whether what is boxed beside cars and pedestrians are people.

``{car, Uyghur, Han}`` names no person, and yet a camera that sees cars sees nothing else that these could be. The
same names beside a burger are dishes, beside a dog breeds, beside Latin scripts; Cherokee beside a car is one, too.
So a set speaks of pictured people where something stands in it that street and door cameras look for, and nothing
that gives the names of peoples to things.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PEOPLED: Final = "pictured person"
"""What is said of the classes of a detector that sees people."""
MOST: Final = 60
"""Classes from which on a set is a catalogue of things, in which any two names stand beside each other."""
SCENE: Final = frozenset(
    (
        *("car", "cars", "bus", "truck", "lorry", "bicycle", "bike", "motorcycle", "motorbike", "motor", "scooter"),
        *("tricycle", "rickshaw", "taxi", "vehicle", "train", "tram", "traffic light", "traffic sign", "license plate"),
        *("person", "persons", "people", "pedestrian", "rider", "cyclist", "crowd", "man", "woman", "boy", "girl"),
        *("child", "face", "head", "human", "helmet", "hardhat", "hard hat", "vest", "safety vest", "mask", "backpack"),
        *(
            "handbag",
            "bag",
            "umbrella",
            "suitcase",
            "stroller",
            "hat",
            "no helmet",
            "no mask",
            "knife",
            "gun",
            "weapon",
        ),
        *(
            "行人",
            "人",
            "人脸",
            "车",
            "汽车",
            "轿车",
            "卡车",
            "公交车",
            "自行车",
            "摩托车",
            "头盔",
            "安全帽",
            "骑手",
            "面部",
        ),
    )
)
"""Whole names of classes, in lower case, that cameras in streets, at doors and on sites are made to see."""
_OF: Final[dict[str, tuple[str, ...]]] = {
    "dishes of a cuisine": (
        *(
            "food",
            "burger",
            "hamburger",
            "pizza",
            "noodle",
            "noodles",
            "rice",
            "soup",
            "salad",
            "sauce",
            "curry",
            "cake",
        ),
        *("bread", "sandwich", "sushi", "kebab", "dumpling", "dessert", "cuisine", "dish", "steak", "taco", "tacos"),
    ),
    "breeds of animals": (
        *("breed", "hound", "terrier", "spaniel", "retriever", "poodle", "bulldog", "husky", "mastiff", "persian"),
        *("siamese", "bengal", "burmese", "abyssinian", "maltese", "pekinese", "chihuahua", "beagle", "pug", "collie"),
        *("corgi", "tabby", "angora", "tapir"),
    ),
    "scripts of languages": (
        *("script", "language", "latin", "english", "cyrillic", "hangul", "kanji", "hiragana", "katakana", "font"),
        *("glyph", "handwriting", "devanagari"),
    ),
}
"""Words of classes, in lower case, that say what all of a set is, by what they say."""
_OTHER: Final = (
    # of which a set may hold one among people: a dog, a cup of coffee, a flag
    *("drink", "coffee", "tea", "cheese", "fruit", "apple", "banana", "orange", "carrot", "broccoli", "chicken"),
    *("animal", "cat", "dog", "horse", "cow", "sheep", "goat", "camel", "bird", "elephant", "lion", "tiger", "bear"),
    *("rabbit", "fish", "snake", "turtle", "duck", "pony", "shepherd", "text", "arabic", "letter", "word", "digit"),
    *("signature", "stamp", "document", "mrz", "japanese", "french", "spanish", "portuguese"),
    # what is woven, worn, built, played or named in one's style
    *("rug", "carpet", "textile", "pattern", "pottery", "vase", "costume", "dress", "style", "art", "painting"),
    *("instrument", "violin", "guitar", "drum", "harp", "flag", "coin", "banknote", "architecture", "temple", "mosque"),
    *("church", "building", "dynasty", "tang", "ming", "qing", "song", "furniture", "chair", "sofa", "table", "flower"),
    *("tree", "plant", "leaf", "king", "queen", "rook", "pawn", "bishop", "knight", "music", "dance", "game"),
    *("character", "wizard", "elf", "orc", "dwarf", "solo", "leia", "luke"),
    # machines that carry the names of peoples
    *("cherokee", "apache", "comanche", "chinook", "kiowa", "lakota", "iroquois", "dakota", "cheyenne", "navajo"),
    *("mohawk", "pawnee", "seneca", "sioux", "aztec", "inca", "touareg", "tuareg", "qashqai", "tartar", "viking"),
    *("helicopter", "tank", "jet", "fighter", "missile", "drone", "sedan", "suv", "jeep", "wrangler", "corolla"),
    *("civic", "mustang", "ford", "toyota", "honda", "bmw", "audi", "tesla", "locomotive"),
    # what is black or white beside a car is a car
    *("red", "green", "blue", "yellow", "grey", "gray", "silver", "brown", "colour", "color"),
)
THINGS: Final = frozenset((*_OTHER, *(word for words in _OF.values() for word in words)))
"""Words of classes, in lower case, beside which the name of a people is that of a dish, a breed, a style or a car."""
_BREEDS: Final = frozenset(("turkish van", "egyptian mau", "norwegian forest", "russian blue"))
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")


def plain(name: str) -> str:
    """Return the name of a class in lower case, its words parted by blanks."""
    return " ".join(part.lower() for part in _WORDS.findall(name[:200]))


def said_of(names: Iterable[str]) -> str:
    """Return what a set of classes is of, where a careful reader can tell; empty where it may be anything.

    `PEOPLED` says that the detector sees people, so that a people's name among its classes is theirs.
    """
    found = [plain(name) for name in names]
    words = frozenset(word for name in found for word in name.split())
    for said, of in _OF.items():
        if not words.isdisjoint(of):
            return said
    if len(found) > MOST or not SCENE.intersection(found) or not words.isdisjoint(THINGS):
        return ""
    return "" if _BREEDS.intersection(found) else PEOPLED


def is_thing(name: str) -> bool:
    """Whether a class is a thing that is named after a people: a Navajo rug, an Afghan hound, a Turkish van."""
    words = plain(name)
    return words in _BREEDS or (" " in words and not THINGS.isdisjoint(words.split()))
