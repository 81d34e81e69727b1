package stats;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/** Which kart passes which camera, per lap. Faces behind visors are not looked at. */
public class LapStats {
    static DataStream<Count> build(DataStream<KartEvent> in) {
        return in.filter(e -> e.score > 0.5)
            .keyBy(e -> e.camera + "/" + e.race)
            .window(TumblingEventTimeWindows.of(LAP))
            .process(new Counter());
    }
}
