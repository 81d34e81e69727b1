"""Создание персонажа: раса, пол, возраст, внешность."""
import random
from dataclasses import dataclass

РАСЫ = ("человек", "эльф", "гном", "орк", "полурослик")


@dataclass
class Персонаж:
    имя: str
    раса: str
    пол: str
    возраст: int
    лицо: int  # номер портрета
    борода: bool = False


def случайный(имя: str) -> Персонаж:
    return Персонаж(имя, random.choice(РАСЫ), random.choice("мж"), random.randint(18, 300), random.randrange(24))
