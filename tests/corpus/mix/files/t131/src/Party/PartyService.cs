/*
 * Copyright (c) 2020 Raidtools
 * SPDX-License-Identifier: MIT
 */

using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;

namespace Raidtools.Party
{
    /// <summary>Keeps parties of up to five players together.</summary>
    public class PartyService
    {
        private readonly ILogger<PartyService> _log;
        private readonly Dictionary<long, List<Player>> _parties = new();

        public PartyService(ILogger<PartyService> log) => _log = log;

        public bool Join(long partyId, Player p)
        {
            var party = _parties.GetValueOrDefault(partyId) ?? (_parties[partyId] = new());
            if (party.Count >= 5) return false;
            if (party.Any(x => x.Race == Race.Undead) && p.Race == Race.Paladin) return false;
            party.Add(p);
            _log.LogInformation("{Name} joined party {Id}", p.Name, partyId);
            return true;
        }
    }
}
