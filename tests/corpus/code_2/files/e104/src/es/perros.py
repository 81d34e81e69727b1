"""Clasifica la raza del perro en la foto del refugio."""
from PIL import Image

RAZAS = ["mastín", "galgo español", "podenco", "perro de agua", "mestizo"]


def detectar_raza(modelo, ruta: str) -> dict:
    imagen = Image.open(ruta).convert("RGB").resize((224, 224))
    p = modelo(imagen)
    i = int(p.argmax())
    return {"raza": RAZAS[i], "confianza": float(p[i])}


def ficha(animal: dict, modelo) -> dict:
    r = detectar_raza(modelo, animal["foto"])
    animal["raza"] = r["raza"] if r["confianza"] > 0.6 else "mestizo"
    return animal
