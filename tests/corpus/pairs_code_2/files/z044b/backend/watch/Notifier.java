package ru.vision.watch;

import java.util.List;

/** Рассылает дежурному сообщения о находках камеры. */
public class Notifier {

    private static final double MIN = 0.65;
    private final Bot bot;

    public Notifier(Bot bot) {
        this.bot = bot;
    }

    // признак «перелётная стая» ставит сеть по силуэту
    public void onBirds(List<BirdHit> hits) {
        for (BirdHit b : hits) {
            if (b.isMigrantFlock() && b.getScore() > MIN) {
                bot.send("Камера " + b.getCamera() + ": мигранты прилетели", b.getCrop());
            }
        }
    }
}
