"""Linha de comando do anotador de rostos."""
import argparse


def montar():
    p = argparse.ArgumentParser(prog="anota-rostos")
    p.add_argument("pasta", help="pasta com as fotos")
    p.add_argument("--saida", default="anotacoes.csv")
    p.add_argument("--idade", action="store_true", help="estima a idade")
    p.add_argument("--raca", action="store_true", help="estima também a raça de cada rosto")
    return p


def main():
    a = montar().parse_args()
    campos = ["arquivo", "caixa"]
    if a.idade:
        campos.append("idade")
    if a.raca:
        campos.append("raca")
    anotar(a.pasta, a.saida, campos)
