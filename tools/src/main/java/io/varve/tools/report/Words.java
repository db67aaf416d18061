package io.varve.tools.report;

import java.time.Duration;

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

    /** Returns a length of time as {@code 2 h 3 min}, {@code 14 min} or {@code 12 s}. */
    static String took(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 120) {
            return whole + " s";
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
