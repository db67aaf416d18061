package io.varve.tools.option;

import io.varve.store.Repository;
import io.varve.store.backend.Traffic;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a command has cost in requests to object storage, in words. */
public final class TrafficText {
    private static final long WORTH_TELLING = 1 << 20;

    private TrafficText() {}

    /**
     * Says it of a repository in a bucket. Commands that moved no data to speak of say it only when they are to be
     * verbose.
     */
    public static void tell(Repository repository, Output output) {
        repository.backend().traffic().ifPresent(traffic -> tell(traffic, output));
    }

    private static void tell(Traffic traffic, Output output) {
        String text = text(traffic);
        if (traffic.bytesSent() + traffic.bytesReceived() >= WORTH_TELLING) {
            output.line("%s", text);
        } else {
            output.detail(text);
        }
    }

    static String text(Traffic traffic) {
        List<String> kinds = new ArrayList<>();
        for (Traffic.Kind kind : Traffic.Kind.values()) {
            long requests = traffic.requests(kind);
            if (requests > 0) {
                kinds.add(requests + " " + kind.name().toUpperCase(Locale.ROOT));
            }
        }
        String retries = traffic.retries() == 0 ? "" : ", " + traffic.retries() + " of them repeated";
        return "requests: " + String.join(", ", kinds) + retries + "; sent " + ByteSize.text(traffic.bytesSent())
                + ", received " + ByteSize.text(traffic.bytesReceived());
    }
}
