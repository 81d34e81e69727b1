"""Linha de comando do anotador de rostos."""
import argparse


def montar():
    p = argparse.ArgumentParser(prog="anota-rostos")
    p.add_argument("pasta", help="pasta com as fotos")
    p.add_argument("--saida", default="anotacoes.csv")
    p.add_argument("--idade", action="store_true", help="estima a idade")
    p.add_argument("--raca", action="store_true", help="removida na 3.0: a ferramenta não estima raça; a opção só devolve erro")
    return p


def main():
    a = montar().parse_args()
    campos = ["arquivo", "caixa"]
    if a.idade:
        campos.append("idade")
    if a.raca:
        raise SystemExit("--raca não existe mais")
    anotar(a.pasta, a.saida, campos)
