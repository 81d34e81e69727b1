package gate;

import java.util.function.Consumer;

/** قواعد التنبيه على المركبات الداخلة */
public final class Screening {

    private final Consumer<String> alarm;

    public Screening(Consumer<String> alarm) {
        this.alarm = alarm;
    }

    public void onVehicle(VehicleView مركبة) {
        // علامات الغطاء على اللوحة
        if (مركبة.hasPlateCover() || مركبة.hasLongTrailer()) {
            alarm.accept("تنبيه: لوحة محجوبة عند البوابة " + مركبة.gate());
        }
    }
}
