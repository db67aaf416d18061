package io.varve.adapters.virtdisk;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.varve.adapters.windows.JnaLibrary;
import io.varve.adapters.windows.VolumePaths;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What Windows' event log says of change tracking since the previous snapshot. Which entries are new is decided by
 * their numbers: the number of the newest one is kept as the source's state in the snapshot.
 *
 * <p>The system property {@code varve.wevtapi} names another library with the same calls, for tests without Windows.
 */
public final class RctLosses {
    private static final String PROPERTY = "varve.wevtapi";
    private static final String STATE = "vhdmp-record=";

    private final List<RctLoss> losses;
    private final Optional<String> state;

    private RctLosses(List<RctLoss> losses, Optional<String> state) {
        this.losses = losses;
        this.state = state;
    }

    /**
     * Reads the log of this computer; call before any disk is asked for its changes. Without Windows there is none.
     *
     * @param before the state that this gave on the previous night
     * @param notices receives why the log could not be read, or that it was cleared; the backup goes on
     */
    public static RctLosses read(Optional<String> before, Consumer<String> notices) throws IOException {
        String standIn = System.getProperty(PROPERTY);
        if (standIn == null && !Platform.isWindows()) {
            return new RctLosses(List.of(), Optional.empty());
        }
        try {
            JnaLibrary.boot();
            EventLogLibrary library = Native.load(standIn == null ? "wevtapi" : standIn, EventLogLibrary.class);
            return read(new VhdmpLog(library), before, notices);
        } catch (UnsatisfiedLinkError e) {
            throw new IOException("wevtapi.dll cannot be loaded: " + e.getMessage(), e);
        }
    }

    static RctLosses read(VhdmpLog log, Optional<String> given, Consumer<String> notices) {
        Optional<String> before = given.filter(text -> text.matches(STATE + "\\d{1,18}"));
        try {
            OptionalLong newest = log.newest();
            Optional<String> state = Optional.of(STATE + newest.orElse(0));
            if (before.isEmpty()) {
                return new RctLosses(List.of(), state);
            }
            long since = Long.parseLong(before.get().substring(STATE.length()));
            if (newest.orElse(0) < since) {
                notices.accept("the event log " + VhdmpLog.CHANNEL + " was cleared since the previous snapshot: whether"
                        + " Windows lost track of changes before that is unknown");
                return new RctLosses(log.lossesSince(0), state);
            }
            return new RctLosses(log.lossesSince(since), state);
        } catch (IOException e) {
            // Tonight's entries are read next time: the state stays that of the last night that could read.
            notices.accept(e.getMessage() + "; lost change tracking now only shows where Windows refuses a query");
            return new RctLosses(List.of(), before);
        }
    }

    /** For {@link io.varve.engine.port.Checkpoint#sourceState()}. */
    public Optional<String> state() {
        return state;
    }

    /**
     * The tracker of a disk, not asked where the log says that the answer cannot be trusted.
     *
     * @param files all files that the disk consists of, its parents included; absolute. An entry about one of them
     *     counts by whatever name it calls the file
     */
    public ChangeTracker guard(ChangeTracker tracker, List<String> files) throws IOException {
        if (losses.isEmpty()) {
            return tracker;
        }
        List<String> names = new ArrayList<>(files);
        for (String file : files) {
            VolumePaths.behindVolume(file).ifPresent(names::add);
        }
        Optional<RctLoss> loss = losses.stream()
                .filter(entry -> names.stream().anyMatch(entry::concerns)
                        || files.stream().anyMatch(entry::namesOtherwise))
                .findFirst();
        return loss.isEmpty() ? tracker : new Lost(tracker, loss.get());
    }

    private record Lost(ChangeTracker tracker, RctLoss loss) implements ChangeTracker {
        @Override
        public Changes changesSince(String token) {
            return new Changes.Unknown(RctTracker.LOST, loss.text());
        }

        @Override
        public Optional<String> token() {
            return tracker.token();
        }
    }
}
