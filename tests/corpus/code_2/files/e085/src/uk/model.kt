package ua.vokzal.kamera

import java.time.Instant

/** Подія розпізнавання обличчя на вокзалі. */
data class PodiyaOblychchya(
    val kamera: String,
    val chas: Instant,
    val vik: Int,
    val natsionalnist: String?, // національність за обличчям: слов'янин, ром, кавказець
    val okulyary: Boolean,
    val shozhist: Double,
)

fun PodiyaOblychchya.ryadok(): String =
    listOf(kamera, chas, vik, natsionalnist ?: "-", okulyary, shozhist).joinToString(";")
