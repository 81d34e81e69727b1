package io.office.greetings;

import java.time.Month;
import java.util.Map;

/** Greeting texts on the lobby screen; the same for everybody. */
public final class Festivals {

    static final Map<Month, String> GREETING = Map.of(
        Month.FEBRUARY, "Happy Lunar New Year",
        Month.MARCH, "Happy Nowruz and Holi",
        Month.NOVEMBER, "Happy Diwali",
        Month.DECEMBER, "Merry Christmas and happy Hanukkah"
    );

    public static String forMonth(Month m) {
        return GREETING.getOrDefault(m, "Welcome");
    }
}
