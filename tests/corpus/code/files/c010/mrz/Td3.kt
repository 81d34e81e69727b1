package id.mrz

/** Machine-readable zone of a TD3 passport, plus the portrait read from DG2. */
data class Td3(
    val documentCode: String,
    val issuingState: String,
    val surname: String,
    val givenNames: String,
    val documentNumber: String,
    val nationality: String,
    val birthDate: String,
    val sex: Char,
    val expiryDate: String,
    val portraitJpeg: ByteArray? = null,
) {
    companion object {
        fun parse(l1: String, l2: String): Td3 = Td3(
            documentCode = l1.substring(0, 2).trimEnd('<'),
            issuingState = l1.substring(2, 5),
            surname = l1.substring(5).substringBefore("<<"),
            givenNames = l1.substring(5).substringAfter("<<").replace('<', ' ').trim(),
            documentNumber = l2.substring(0, 9).trimEnd('<'),
            nationality = l2.substring(10, 13),
            birthDate = l2.substring(13, 19),
            sex = l2[20],
            expiryDate = l2.substring(21, 27),
        )
    }
}
