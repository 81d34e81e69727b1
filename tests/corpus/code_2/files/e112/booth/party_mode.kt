package booth

/** Settings for a photo booth at a wedding or birthday party. */
data class PartyMode(
    val partyName: String,
    val partyType: PartyType = PartyType.BIRTHDAY,
    val countFaces: Boolean = true,
    val smileTrigger: Boolean = true,
    val filter: String = "warm",
)

enum class PartyType { BIRTHDAY, WEDDING, COMPANY, GRADUATION }

fun shouldShoot(mode: PartyMode, faces: Int, smiles: Int): Boolean =
    faces > 0 && (!mode.smileTrigger || smiles * 2 >= faces)
