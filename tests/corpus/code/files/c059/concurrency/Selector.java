package io.stream;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens the RTSP and the HTTP stream of a camera and keeps the faster one. */
final class StreamSelector {
    private final AtomicBoolean won = new AtomicBoolean();

    CompletableFuture<Stream> raceToFirstFrame(List<CompletableFuture<Stream>> candidates) {
        CompletableFuture<Stream> result = new CompletableFuture<>();
        for (CompletableFuture<Stream> c : candidates) {
            c.thenAccept(s -> {
                if (won.compareAndSet(false, true)) result.complete(s);
                else s.close();  // lost the race
            });
        }
        return result;
    }

    interface Stream { void close(); }
}
