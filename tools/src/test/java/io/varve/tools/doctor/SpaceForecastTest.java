package io.varve.tools.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.doctor.Finding.Severity;
import io.varve.tools.doctor.SpaceForecast.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceForecastTest {
    private static final long GIB = 1L << 30;

    private static List<Size> sizes(long... gibs) {
        List<Size> sizes = new ArrayList<>();
        for (int i = 0; i < gibs.length; i++) {
            sizes.add(new Size(Instant.parse("2026-11-01T22:00:00Z").plus(Duration.ofDays(i)), gibs[i] * GIB));
        }
        return sizes;
    }

    private static Finding judge(long freeGib, long... gibs) {
        return SpaceForecast.judge(freeGib * GIB, 1000 * GIB, sizes(gibs));
    }

    @Test
    void growthTellsHowLongTheSpaceLasts() {
        assertEquals(Severity.OK, judge(400, 100, 110, 120, 130, 140).severity());
        assertTrue(judge(400, 100, 110, 120, 130, 140).text().contains("enough for 40 days"));
        assertEquals(Severity.WARNING, judge(100, 100, 110, 120, 130, 140).severity());
        assertEquals(Severity.ERROR, judge(20, 100, 110, 120, 130, 140).severity());
    }

    @Test
    void oneGcDoesNotHideGrowth() {
        assertTrue(judge(100, 100, 110, 120, 60, 70, 80, 90, 100, 110).text().contains("enough for 10 days"));
    }

    @Test
    void withoutGrowthOrHistoryOnlyTheRestCounts() {
        assertEquals(Severity.OK, judge(40, 100, 100, 100, 100).severity());
        assertTrue(judge(40, 100).text().contains("known after 4 nights"));
        assertEquals(Severity.WARNING, judge(20, 100).severity(), "less than 3 %");
    }
}
