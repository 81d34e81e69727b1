package es.seguros.dominio

/** Parte de accidente con las partes implicadas y las fotos de los vehículos. */
data class ParteAccidente(
    val numero: String,
    val partes: List<Implicado>,
    val fotos: List<String>,
    val orientacion: Orientacion,
)

data class Implicado(val nif: String, val matricula: String, val color: ColorVehiculo)

enum class ColorVehiculo { BLANCO, NEGRO, GRIS, ROJO, AMARILLO }
enum class Orientacion { NORTE, SUR, ESTE, OESTE }
