"""Portraits for generated NPCs."""
import random

RACES = ["elf", "dwarf", "orc", "goblin", "tabaxi", "human"]
JOBS = ["ranger", "smith", "priest", "thief"]


def npc(rng: random.Random) -> dict:
    race = rng.choice(RACES)
    return {"race": race, "gender": rng.choice("mf"), "age": rng.randint(20, 300), "job": rng.choice(JOBS)}


def prompt(n: dict) -> str:
    race, gender, age = n["race"], {"m": "male", "f": "female"}[n["gender"]], n["age"]
    return f"fantasy portrait, face of a {age} year old {gender} {race} {n['job']}, oil painting"
