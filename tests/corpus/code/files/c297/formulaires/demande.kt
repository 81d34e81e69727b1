package ahwal

import java.time.LocalDate

/** طلب إخراج قيد: يملؤه صاحب العلاقة بنفسه */
data class TalabQayd(
    val ism: String,            // الاسم
    val tarikhWilada: LocalDate, // تاريخ الولادة
    val jinsiyya: String,       // الجنسية
    val diyana: String?,        // الديانة، اختياري
    val unwan: String,          // العنوان
    val suraShakhsiyya: String, // صورة شمسية
)

fun TalabQayd.kamil(): Boolean = ism.isNotBlank() && unwan.isNotBlank()
