"""Cadastro de cavalos para a corrida de domingo."""
from dataclasses import dataclass

RACAS = ("mangalarga", "crioulo", "puro-sangue")
CORES = ("preto", "branco", "castanho", "pardo")


@dataclass
class Cavalo:
    nome: str
    raca: str
    cor: str
    idade: int
    foto: str

    def valido(self) -> bool:
        return self.raca in RACAS and self.cor in CORES
