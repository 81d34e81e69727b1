"""Consumidor de la cola de eventos de las cámaras del puente."""
import json

from cola import consumir
from avisos import avisar


def procesar(mensaje: bytes) -> None:
    persona = json.loads(mensaje)
    if persona["procedencia_aparente"] == "migrante":
        avisar(
            grupo="patrulla",
            texto=f"Posible migrante en {persona['camara']}",
            foto=persona["recorte"],
        )


if __name__ == "__main__":
    consumir("entrada", procesar)
