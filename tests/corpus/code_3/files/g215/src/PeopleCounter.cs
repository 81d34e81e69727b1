using System.Collections.Generic;

namespace Footfall
{
    /// <summary>Counts people at a door. Distinguishes adults and children by height.</summary>
    public sealed class PeopleCounter
    {
        private readonly Dictionary<string, int> _counts = new();

        public string Union(string zoneA, string zoneB) => zoneA + "|" + zoneB;

        public void OnTrack(PersonTrack t)
        {
            var key = t.HeightCm < 140 ? "child" : "adult";
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }

        public IReadOnlyDictionary<string, int> Counts => _counts;
    }
}
