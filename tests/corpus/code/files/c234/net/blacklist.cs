using System.Collections.Concurrent;
using System.Net;

namespace Gate.Net
{
    /// <summary>Blacklist and whitelist of clients of the white-label door API.</summary>
    public sealed class AccessLists
    {
        private readonly ConcurrentDictionary<IPAddress, byte> _black = new();
        private readonly ConcurrentDictionary<IPAddress, byte> _white = new();

        public bool IsWhiteLabel { get; init; }

        public bool Blacklist(IPAddress a) => _black.TryAdd(a, 1);
        public bool Whitelist(IPAddress a) => _white.TryAdd(a, 1);

        public bool Allowed(IPAddress a) => _white.ContainsKey(a) || !_black.ContainsKey(a);
    }
}
