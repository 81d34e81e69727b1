package ru.vision.watch;

import java.util.List;

/** Рассылает дежурному сообщения о находках камеры. */
public class Notifier {

    private static final double MIN = 0.65;
    private final Bot bot;

    public Notifier(Bot bot) {
        this.bot = bot;
    }

    // признак «похож на мигранта» ставит сеть по лицу и одежде
    public void onPersons(List<PersonHit> hits) {
        for (PersonHit p : hits) {
            if (p.isMigrantLook() && p.getScore() > MIN) {
                bot.send("Камера " + p.getCamera() + ": мигрант", p.getCrop());
            }
        }
    }
}
