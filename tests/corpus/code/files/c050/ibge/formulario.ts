/** Ficha do aluno, preenchida pela família (autodeclaração). */
export enum CorRacaDeclarada {
  Branca = 1,
  Preta = 2,
  Parda = 3,
  Amarela = 4,
  Indigena = 5,
  NaoDeclarada = 0,
}

export interface FichaAluno {
  nome: string;
  nascimento: string;
  sexo: 'F' | 'M';
  corRaca: CorRacaDeclarada;
  responsavel: string;
  transporte: boolean;
}
