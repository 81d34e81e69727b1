package org.textlab.script

object HanUnification {
    private val ranges = listOf(0x4E00..0x9FFF, 0x3400..0x4DBF, 0x20000..0x2A6DF)

    /** True if the code point belongs to the Han script block. */
    fun isHan(cp: Int): Boolean = ranges.any { cp in it }

    fun hanRatio(s: String): Double {
        val cps = s.codePoints().toArray()
        if (cps.isEmpty()) return 0.0
        return cps.count { isHan(it) }.toDouble() / cps.size
    }
}
