package io.varve.adapters.vss.message;

import java.util.Locale;

/**
 * How the Hyper-V writer freezes a machine. It says so only in the caption, whose words depend on the host's version
 * and language; so what is not known for certain to leave the machine running is treated as if it interrupted it.
 */
public enum Freezing {
    /** The guest freezes its own volumes and runs on. */
    ONLINE("backup using child partition snapshot", "online"),
    /** The machine's state is saved, and it is resumed after the shadow copy is taken. A machine that is off is too. */
    SAVED_STATE("backup using saved state", "offline"),
    /** The caption is one that Varve does not know. */
    UNKNOWN("", "");

    private final String older;
    private final String newer;

    /** What the caption begins with in English, on older and on newer hosts. */
    Freezing(String older, String newer) {
        this.older = older;
        this.newer = newer;
    }

    /** For scripts: {@code online}, {@code saved-state} or {@code unknown}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Freezing of(String caption) {
        int end = caption.indexOf('\\');
        String mode = caption.substring(0, Math.max(end, 0)).toLowerCase(Locale.ROOT);
        for (Freezing freezing : values()) {
            if (freezing.older.equals(mode) || freezing.newer.equals(mode)) {
                return freezing;
            }
        }
        return UNKNOWN;
    }
}
