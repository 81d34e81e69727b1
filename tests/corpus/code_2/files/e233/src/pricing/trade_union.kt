package print.pricing

import java.math.BigDecimal

enum class PartnerKind { CREDIT_UNION, STUDENT_UNION, CUSTOMS_UNION_ZONE, NONE }

data class Basket(val prints: Int, val unitPrice: BigDecimal, val partner: PartnerKind)

object Discount {
    /** Credit union and student union partners get a lower photo price. */
    fun total(b: Basket): BigDecimal {
        val base = b.unitPrice * BigDecimal(b.prints)
        return when (b.partner) {
            PartnerKind.CREDIT_UNION -> base * BigDecimal("0.90")
            PartnerKind.STUDENT_UNION -> base * BigDecimal("0.85")
            else -> base
        }
    }
}
