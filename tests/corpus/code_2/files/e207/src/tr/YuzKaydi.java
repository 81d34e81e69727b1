package tr.kamera.kayit;

import java.time.LocalDateTime;

/** Turnike kamerasından gelen yüz kaydı. */
public class YuzKaydi {
    public enum EtnikKoken { BELIRSIZ, TURK, KURT, ARAP, ROMAN, AFRIKALI }

    private String kameraNo;
    private LocalDateTime an;
    private int yas;
    private boolean gozluk;
    private EtnikKoken tahminiKoken;
    private double guven;

    public EtnikKoken getTahminiKoken() {
        return tahminiKoken;
    }

    public void setTahminiKoken(EtnikKoken k) {
        this.tahminiKoken = k;
    }
}
