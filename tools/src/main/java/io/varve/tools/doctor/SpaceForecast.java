package io.varve.tools.doctor;

import io.varve.store.fault.Count;
import io.varve.tools.output.ByteSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Estimates how long the free space of a repository lasts, from its growth per night. A pure function. */
final class SpaceForecast {
    private static final int FEWEST_NIGHTS = 4;
    private static final double LEAST_FREE = 0.03;

    private SpaceForecast() {}

    /** The size of all packs after a night. */
    record Size(Instant at, long bytes) {}

    /** @param oldestFirst sizes after earlier nights */
    static Finding judge(long free, long total, List<Size> oldestFirst) {
        String text = ByteSize.text(free) + " of " + ByteSize.text(total) + " free";
        String advice = "make room: 'varve forget' and 'varve gc', or a larger disk. A full disk stops backups and gc";
        Optional<Double> growth = growthPerDay(oldestFirst);
        if (growth.isPresent() && growth.get() > 0) {
            long days = (long) (free / growth.get());
            text += ", grows by " + ByteSize.text(growth.get().longValue()) + " a day: enough for "
                    + (days > 999 ? "more than 999 days" : Count.of(days, "day"));
            if (days < 14) {
                return days < 3 ? Finding.error("space", text, advice) : Finding.warning("space", text, advice);
            }
        } else if (oldestFirst.size() < FEWEST_NIGHTS) {
            text += "; how fast it grows is known after " + FEWEST_NIGHTS + " nights of varve nightly";
        }
        return free < LEAST_FREE * total ? Finding.warning("space", text, advice) : Finding.ok("space", text);
    }

    /** Returns the median of the slopes between all pairs of nights (Theil–Sen), which one large gc does not affect. */
    private static Optional<Double> growthPerDay(List<Size> sizes) {
        if (sizes.size() < FEWEST_NIGHTS) {
            return Optional.empty();
        }
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            for (int j = i + 1; j < sizes.size(); j++) {
                double days =
                        Duration.between(sizes.get(i).at(), sizes.get(j).at()).toSeconds() / 86_400.0;
                if (days > 0.1) {
                    slopes.add((sizes.get(j).bytes() - sizes.get(i).bytes()) / days);
                }
            }
        }
        slopes.sort(null);
        return slopes.isEmpty() ? Optional.empty() : Optional.of(slopes.get(slopes.size() / 2));
    }
}
