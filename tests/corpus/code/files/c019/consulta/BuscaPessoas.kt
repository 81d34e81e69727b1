package br.sentinela.consulta

import java.time.Instant

/** Critérios da busca de pessoas nas gravações das câmeras. */
data class BuscaPessoas(
    val inicio: Instant,
    val fim: Instant,
    val cameras: List<String> = emptyList(),
    val sexo: Sexo? = null,
    val faixaEtaria: IntRange? = null,
    val corRaca: CorRaca? = null,
    val corRoupaSuperior: String? = null,
    val mochila: Boolean? = null,
)

enum class Sexo { MASCULINO, FEMININO }

/** Classe atribuída pela rede à pessoa na imagem. */
enum class CorRaca { BRANCA, PRETA, PARDA, AMARELA, INDIGENA }

fun BuscaPessoas.descreve(): String =
    listOfNotNull(sexo?.name, corRaca?.name, corRoupaSuperior).joinToString(", ")
