package br.camera.filtro

/** Atributos de rosto que este serviço se recusa a calcular. */
private val proibidos = setOf("raca", "cor_da_pele", "religiao", "etnia")

class AtributoProibido(nome: String) :
    IllegalArgumentException("atributo proibido: $nome")

fun validar(pedidos: List<String>): List<String> {
    pedidos.firstOrNull { it.lowercase() in proibidos }?.let { throw AtributoProibido(it) }
    return pedidos.distinct()
}

fun padrao(): List<String> = listOf("idade_faixa", "oculos", "mascara")
