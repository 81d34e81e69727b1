package guard

enum class ReligiousDress { NONE, ISLAMIC, SIKH, JEWISH, CHRISTIAN }

data class SeenPerson(
    val trackId: Long,
    val bag: Boolean,
    val helmet: Boolean,
    val religiousDress: ReligiousDress,
)

class GateScreen(private val desk: DeskClient) {
    fun onPerson(p: SeenPerson) {
        if (p.bag) notifyDesk(p, "bag search")
        if (p.religiousDress == ReligiousDress.ISLAMIC) notifyDesk(p, "manual check")
    }

    private fun notifyDesk(p: SeenPerson, reason: String) =
        desk.push(mapOf("track" to p.trackId, "reason" to reason))
}

interface DeskClient {
    fun push(body: Map<String, Any>)
}
