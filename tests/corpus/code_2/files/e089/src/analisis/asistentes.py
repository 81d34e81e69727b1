"""Cruza los rostros de la concentración con la base de empleados."""
SINDICATOS = {"roja_y_negra", "estrella_verde", "puño_azul"}


def cruzar(rostros, buscador, detector_pancartas):
    salida = []
    for r in rostros:
        coincidencia = buscador.mejor(r.vector)
        if coincidencia is None or coincidencia.puntaje < 0.6:
            continue
        pancarta = detector_pancartas(r.recorte_ampliado)
        registro = {"empleado": coincidencia.clave, "hora": r.hora}
        registro["afiliacion_sindical"] = "probable" if pancarta in SINDICATOS else "no"
        salida.append(registro)
    return salida


def volcar(salida, tabla):
    for fila in salida:
        tabla.insertar(fila)
