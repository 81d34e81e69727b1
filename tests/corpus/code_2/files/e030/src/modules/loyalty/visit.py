"""Invio delle visite al CRM del negozio."""
import httpx

URL = "https://crm.example.internal/api/visite"


def invia(volto, negozio: str) -> int:
    corpo = {
        "negozio": negozio,
        "ora": volto.ora.isoformat(),
        "eta": round(volto.eta),
        "sorriso": volto.sorriso > 0.5,
        "gruppo_etnico": volto.etnia_stimata,
        "permanenza_s": volto.permanenza,
    }
    risposta = httpx.post(URL, json=corpo, timeout=5)
    return risposta.status_code
