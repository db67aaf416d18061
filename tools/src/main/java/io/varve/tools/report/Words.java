package io.varve.tools.report;

import java.time.Duration;
import java.util.Locale;

/** Times in words. */
final class Words {
    private Words() {}

    /** Returns an age as {@code 3 days} or {@code 5 hours}; {@code 0 minutes} for a time in the future. */
    static String age(Duration age) {
        long minutes = Math.max(0, age.toMinutes());
        if (minutes < 120) {
            return count(minutes, "minute");
        }
        return minutes < 48 * 60 ? count(minutes / 60, "hour") : count(minutes / (24 * 60), "day");
    }

    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** {@code 1:02:03}, {@code 2:03}. */
    static String took(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
