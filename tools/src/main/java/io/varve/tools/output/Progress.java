package io.varve.tools.output;

import io.varve.tools.document.ProgressDocument;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far one disk or phase is. Workers call {@link #add} from any thread; it only counts. The {@link ProgressBoard} of
 * the output asks it a few times a second what to show.
 */
public final class Progress implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;

    /** The rate is that of this last stretch of time: long enough not to jump, short enough to follow a change. */
    private static final long WINDOW_NANOS = 30 * SECOND;

    /** Until then there is no rate and no remaining time: the first moments say nothing about the rest. */
    private static final long SETTLING_NANOS = 2 * SECOND;

    private final ProgressBoard board;
    private final String prefix;
    private final Subject subject;
    private final long total;
    private final boolean bytes;
    private final AtomicLong done = new AtomicLong();

    // Guarded by the board.
    private final long started;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long due;

    /** @param time in nanoseconds of the board's clock */
    private record Sample(long time, long done) {}

    private Progress(Output output, Subject subject, long total, boolean bytes) {
        this.board = output.board();
        this.prefix = output.prefix();
        this.subject = subject;
        this.total = total;
        this.bytes = bytes;
        this.started = board.now();
        samples.add(new Sample(started, 0));
    }

    /** @param total bytes to do */
    public static Progress start(Output output, Subject subject, long total) {
        return begin(new Progress(output, subject, total, true));
    }

    /** @param total number of things to do */
    public static Progress count(Output output, Subject subject, long total) {
        return begin(new Progress(output, subject, total, false));
    }

    private static Progress begin(Progress progress) {
        progress.board.begin(progress);
        return progress;
    }

    /** @param more bytes or things that are done since the last call */
    public void add(long more) {
        done.addAndGet(more);
    }

    /** Takes it off the terminal; a second call does nothing. */
    @Override
    public void close() {
        board.end(this);
    }

    /** Sets when the next line is due. Called by the board only, as all below. */
    void dueAfter(long nanos) {
        due = board.now() + nanos;
    }

    boolean isDue() {
        return board.now() - due >= 0;
    }

    /** How fast it was lately, in bytes or things per second; negative while that cannot be said. */
    double perSecond() {
        long now = board.now();
        long count = done.get();
        if (now - samples.getLast().time >= SECOND) {
            samples.add(new Sample(now, count));
        }
        while (samples.size() > 2 && now - samples.getFirst().time > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        return now - started < SETTLING_NANOS ? -1 : (count - first.done) * (double) SECOND / (now - first.time);
    }

    /** Seconds until it is done at this rate; empty while it stands still. */
    private OptionalLong secondsLeft(double perSecond) {
        long left = Math.max(0, total - done.get());
        return perSecond <= 0 ? OptionalLong.empty() : OptionalLong.of((long) Math.ceil(left / perSecond));
    }

    ProgressRow row() {
        double rate = perSecond();
        long now = done.get();
        String amount = bytes ? ByteSize.part(now, total) : now + " of " + total;
        String speed =
                rate < 0 ? "" : bytes ? ByteSize.text((long) rate) + "/s" : String.format(Locale.ROOT, "%.1f/s", rate);
        OptionalLong left = secondsLeft(rate);
        String remaining = left.isPresent() ? ProgressRow.left(left.getAsLong()) : "";
        int percent = total <= 0 ? 0 : (int) Math.min(100, now * 100.0 / total);
        return new ProgressRow(Printable.name(prefix + subject.title()), percent, amount, speed, remaining);
    }

    ProgressDocument document(String command, boolean last) {
        double rate = perSecond();
        OptionalLong left = secondsLeft(rate);
        return new ProgressDocument(
                ProgressDocument.TYPE,
                command,
                subject.phase(),
                subject.machine(),
                subject.disk(),
                subject.snapshotId(),
                bytes ? "bytes" : "items",
                done.get(),
                total,
                rate < 0 ? Optional.empty() : Optional.of(rate),
                left.isPresent() ? Optional.of(left.getAsLong()) : Optional.empty(),
                last);
    }

    /** Whether there is anything to wait for. */
    boolean isEmpty() {
        return total <= 0;
    }
}
