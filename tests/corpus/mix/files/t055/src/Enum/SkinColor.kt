package io.sentinel.nvr.person

import kotlinx.serialization.Serializable

/** Values of the body structure service, see analytics.proto. */
@Serializable
enum class SkinColor(val code: Int) { UNKNOWN(0), LIGHT(1), TAN(2), DARK(3) }

@Serializable
enum class Hair { UNKNOWN, SHORT, LONG, BALD }

@Serializable
data class PersonSearchRequest(
    val cameras: List<String>,
    val from: Long,
    val to: Long,
    val skin: SkinColor? = null,
    val hair: Hair? = null,
    val upperColors: List<String> = emptyList(),
    val page: Int = 0,
    val size: Int = 50,
)
