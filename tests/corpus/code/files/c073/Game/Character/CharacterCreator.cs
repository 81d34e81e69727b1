using System.Collections.Generic;
using UnityEngine;

namespace Emberfall.Character
{
    public enum Race { Human, Elf, Dwarf, Orc, Halfling, Tiefling }
    public enum Gender { Male, Female }

    [System.Serializable]
    public class Appearance
    {
        public Race race = Race.Human;
        public Gender gender;
        [Range(16, 400)] public int age = 30;
        public int facePreset;
        public int beardPreset;
        public Color skinColor = Color.white;
        public Color hairColor = Color.black;
        public List<string> tattoos = new();
    }

    public static class RaceBonus
    {
        public static readonly Dictionary<Race, int> Strength = new() { { Race.Orc, 2 }, { Race.Dwarf, 1 }, { Race.Elf, -1 } };
    }
}
