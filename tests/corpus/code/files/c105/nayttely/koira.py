"""Koiranäyttelyn ilmoittautuminen."""
from dataclasses import dataclass


@dataclass
class Koira:
    nimi: str
    rotu: str       # esim. lapinkoira
    sukupuoli: str
    ika_kk: int
    kuva: str

    @property
    def luokka(self) -> str:
        return "pentu" if self.ika_kk < 9 else "avoin"


KANSALLISUUS_OHJE = "Koiran maatunnus annetaan rekisterinumerossa."
