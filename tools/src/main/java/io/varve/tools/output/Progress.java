package io.varve.tools.output;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a command is: a bar with rate and remaining time on a terminal, a plain line every ten seconds elsewhere.
 * Written to standard error. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final int BAR_UPDATE_MILLIS = 250;

    private final Output output;
    private final String what;
    private final long total;
    private final Display display;
    private final Unit unit;
    private final Course course;
    private final ProgressBar bar; // null unless it is shown as one

    /** How it is shown. */
    private enum Display {
        BAR,
        LINES,
        NOT
    }

    private record Unit(String name, long size) {}

    /** How far it is, in nanoseconds of {@link System#nanoTime} and in units; a restarted progress continues it. */
    private record Course(long started, AtomicLong done, AtomicLong nextLine) {
        static Course begin() {
            long now = System.nanoTime();
            return new Course(now, new AtomicLong(), new AtomicLong(now + LINE_NANOS));
        }
    }

    private Progress(Output output, String what, long total, Display display, Unit unit) {
        this(output, what, total, display, unit, Course.begin());
    }

    private Progress(Output output, String what, long total, Display display, Unit unit, Course course) {
        this.output = output;
        this.what = what;
        this.total = total;
        this.display = display;
        this.unit = unit;
        this.course = course;
        this.bar = display == Display.BAR ? newBar() : null;
    }

    private ProgressBar newBar() {
        TerminalLibrary.prepare();
        return new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .startsFrom(course.done.get(), Duration.ofNanos(System.nanoTime() - course.started))
                .setUnit(unit.name, unit.size)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
                .setConsumer(output.status())
                .showSpeed()
                .clearDisplayOnFinish()
                .build();
    }

    /**
     * @param total bytes that are to be done
     * @param wanted false for no progress at all
     */
    public static Progress start(Output output, String what, long total, boolean wanted) {
        return start(output, what, total, wanted, "MiB", 1 << 20);
    }

    /**
     * Of things that are counted, not measured; shown on a terminal only.
     *
     * @param total how many
     */
    public static Progress count(Output output, String what, long total, boolean wanted) {
        return start(output, what, total, wanted && total > 0 && Terminal.isThere(), "", 1);
    }

    private static Progress start(Output output, String what, long total, boolean wanted, String unit, long unitSize) {
        boolean shown = wanted && !output.isJson() && !output.isQuiet();
        Display display = !shown ? Display.NOT : Terminal.isThere() ? Display.BAR : Display.LINES;
        return new Progress(output, what, total, display, new Unit(unit, unitSize));
    }

    /**
     * The same progress, after this one was closed: for something else to be written in between, or when there is more
     * to do than was known.
     */
    Progress restart(String newWhat, long newTotal) {
        return new Progress(output, newWhat, newTotal, display, unit, course);
    }

    public void add(long bytes) {
        long now = course.done.addAndGet(bytes);
        if (bar != null) {
            bar.stepBy(bytes);
        } else if (display == Display.LINES) {
            long due = course.nextLine.get();
            long time = System.nanoTime();
            if (time >= due && course.nextLine.compareAndSet(due, time + LINE_NANOS)) {
                long remaining = now == 0 ? 0 : (long) ((time - course.started) / 1e9 * (total - now) / now);
                output.notice(String.format(
                        java.util.Locale.ROOT,
                        "%s: %s of %s, %s, about %d s left",
                        what,
                        ByteSize.text(now),
                        ByteSize.text(total),
                        ByteSize.rate(now, time - course.started),
                        Math.max(0, remaining)));
            }
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
