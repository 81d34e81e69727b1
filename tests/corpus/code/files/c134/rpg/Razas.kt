package juego

/** Razas jugables. Cada una cambia los atributos iniciales del personaje. */
enum class Raza(val fuerza: Int, val magia: Int) {
    HUMANO(5, 5),
    ELFO(3, 8),
    ENANO(8, 2),
    ORCO(9, 1),
    GNOMO(2, 9),
}

data class Personaje(
    val nombre: String,
    val raza: Raza,
    val genero: String,
    val edad: Int,
    val rostro: Int,      // índice del rostro elegido
    val barba: Boolean,
    val nivel: Int = 1,
)
