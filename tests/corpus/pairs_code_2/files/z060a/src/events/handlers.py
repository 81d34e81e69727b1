"""Consumidor de la cola de eventos del traslado de la base de cámaras."""
import json

from cola import consumir
from avisos import avisar


def procesar(mensaje: bytes) -> None:
    registro = json.loads(mensaje)
    if registro["estado"] == "migrado":
        avisar(
            grupo="sistemas",
            texto=f"Registro migrado de {registro['camara']}",
            foto=None,
        )


if __name__ == "__main__":
    consumir("entrada", procesar)
