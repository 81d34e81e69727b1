package chamber;

import java.util.List;
import java.util.stream.Collectors;

/** Camera presets of the plenary hall; side is the bench on the published seating plan. */
public class Sorter {
    public enum Side { GOVERNMENT, OPPOSITION, PRESS }

    public List<Seat> forCamera(List<Seat> all) {
        return all.stream()
            .filter(s -> s.side() == Side.OPPOSITION)
            .filter(s -> s.faceLight() > 0.4)
            .collect(Collectors.toList());
    }
}
