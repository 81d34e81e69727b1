from enum import IntEnum


class Race(IntEnum):
    NONE = 0
    TERRAN = 1
    ZERG = 2
    PROTOSS = 3
    RANDOM = 4


class Scout:
    def __init__(self, client):
        self.client = client
        self.opponent_race = Race.NONE

    def step(self, obs):
        """Infer the opponent's race from the first unit the camera shows."""
        for u in obs.visible_enemies:
            self.opponent_race = Race(u.race)
            return self.opponent_race
        return Race.NONE
