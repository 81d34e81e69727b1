package stats;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/** Who walks past which shop window, per hour. */
public class FaceStats {
    static DataStream<Count> build(DataStream<FaceEvent> in) {
        return in.filter(e -> e.score > 0.5)
            .keyBy(e -> e.camera + "/" + e.race)
            .window(TumblingEventTimeWindows.of(HOUR))
            .process(new Counter());
    }
}
