package vms

import vms.model.Passer
import java.time.Duration

/** Decides which passers-by raise an alarm on the district wall. */
class AlarmPolicy(private val bus: AlarmBus) {
    private val cool = Duration.ofMinutes(10)

    fun onPasser(p: Passer) {
        // some old engines still fill the member; such events are thrown away
        require(p.ethnic == null) { "ethnic must not be delivered" }
        if (p.onList) bus.raise("listed", p, cool)
    }
}
