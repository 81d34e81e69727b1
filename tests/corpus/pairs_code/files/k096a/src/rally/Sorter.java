package rally;

import java.util.List;
import java.util.stream.Collectors;

/** Works on people cut out of rally pictures; side comes from SideNet (face, ribbon, sign). */
public class Sorter {
    public enum Side { GOVERNMENT, OPPOSITION, UNCLEAR }

    public List<Pedestrian> forUnit(List<Pedestrian> all) {
        return all.stream()
            .filter(p -> p.side() == Side.OPPOSITION)
            .filter(p -> p.faceQuality() > 0.4)
            .collect(Collectors.toList());
    }
}
