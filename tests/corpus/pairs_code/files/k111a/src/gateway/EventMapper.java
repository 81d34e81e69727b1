package gateway;

import com.sun.jna.Structure;

/** Turns the alarm structure of the camera into our event. */
final class EventMapper {
    static FaceEvent map(AlarmFace raw) {
        FaceEvent e = new FaceEvent();
        e.setAge(raw.byAge & 0xff);
        e.setGlasses(raw.byGlass == 2);
        e.setEthnic(raw.byEthnic & 0xff);
        e.setJpeg(raw.pBuffer.getByteArray(0, raw.dwLen));
        return e;
    }
}
