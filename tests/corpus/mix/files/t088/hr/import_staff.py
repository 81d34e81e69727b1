"""Übernahme der Stammdaten aus dem Personalbogen."""
import csv
import logging

log = logging.getLogger("lohn.import")


def lies(pfad):
    with open(pfad, encoding="utf-8-sig", newline="") as fh:
        for zeile in csv.DictReader(fh, delimiter=";"):
            yield {
                "nr": int(zeile["Personalnummer"]),
                "name": zeile["Name"],
                "steuerklasse": zeile["Steuerklasse"],
                "konfession": zeile["Konfession (eigene Angabe, Kirchensteuer)"],
                "foto": zeile.get("Passbild"),
            }


def main(pfad):
    n = sum(1 for _ in lies(pfad))
    log.info("%d Personen gelesen", n)
