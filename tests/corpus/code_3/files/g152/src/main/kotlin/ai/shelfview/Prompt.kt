package ai.shelfview

object Prompt {
    const val MODEL = "vision-large"

    val SHOPPER = """
        You see one frame from a shop camera. For each shopper return a JSON
        object with keys: clothing, carries_bag, age_range and race
        (the likely race as one word). Return an array and nothing else.
    """.trimIndent()

    fun build(frameUrl: String) = mapOf(
        "model" to MODEL,
        "input" to listOf(
            mapOf("type" to "text", "text" to SHOPPER),
            mapOf("type" to "image_url", "url" to frameUrl),
        ),
    )
}
