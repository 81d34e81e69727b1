package arsiv.arama

import java.time.Instant

enum class Inanc { MUSLUMAN, HRISTIYAN, YAHUDI, BELIRSIZ }

/** Kamera arşivinde kişi arama ölçütleri */
data class AramaOlcutu(
    val baslangic: Instant,
    val bitis: Instant,
    val kameralar: List<String> = emptyList(),
    val inanc: Inanc? = null, // sakal ve başörtüsünden çıkarılır
    val ustRenk: String? = null,
    val sayfa: Int = 0,
)
