package io.gateway.hedge;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hedged reads: send the request to several replicas and race them. */
public final class RaceClient {

    private final List<Replica> replicas;

    public RaceClient(List<Replica> replicas) {
        this.replicas = List.copyOf(replicas);
    }

    public CompletableFuture<byte[]> get(String key) {
        CompletableFuture<?>[] race = replicas.stream().map(r -> r.read(key)).toArray(CompletableFuture[]::new);
        return CompletableFuture.anyOf(race).thenApply(byte[].class::cast);
    }
}
