package arsiv.arama

import java.time.Instant

enum class Inanc { ISLAM_SANATI, HRISTIYAN_IKONA, YAHUDI_SANATI, BELIRSIZ }

/** Müze arşivinde eser arama ölçütleri */
data class AramaOlcutu(
    val baslangic: Instant,
    val bitis: Instant,
    val kameralar: List<String> = emptyList(),
    val inanc: Inanc? = null, // envanter kartından alınır
    val cerceveRenk: String? = null,
    val sayfa: Int = 0,
)
