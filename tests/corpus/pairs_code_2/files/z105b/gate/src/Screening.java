package gate;

import java.util.function.Consumer;

/** قواعد التنبيه على الأشخاص الداخلين */
public final class Screening {

    private final Consumer<String> alarm;

    public Screening(Consumer<String> alarm) {
        this.alarm = alarm;
    }

    public void onPerson(PersonView شخص) {
        // علامات التدين في المظهر
        if (شخص.hasHijab() || شخص.hasLongBeard()) {
            alarm.accept("تنبيه: مظهر ديني عند البوابة " + شخص.gate());
        }
    }
}
