package io.varve.tools;

import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/**
 * How far a command is: a bar with rate and remaining time on a terminal, a plain line every ten seconds elsewhere.
 * Written to standard error. Thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final int BAR_UPDATE_MILLIS = 250;

    private final Output output;
    private final String what;
    private final long total;
    private final long started = System.nanoTime();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime() + LINE_NANOS);
    private final ProgressBar bar; // null where there is no terminal

    private Progress(Output output, String what, long total, ProgressBar bar) {
        this.output = output;
        this.what = what;
        this.total = total;
        this.bar = bar;
    }

    /**
     * @param total bytes that are to be done
     * @param wanted false for no progress at all
     */
    static Progress start(Output output, String what, long total, boolean wanted) {
        return start(output, what, total, wanted, "MiB", 1 << 20);
    }

    /**
     * Of things that are counted, not measured; shown on a terminal only.
     *
     * @param total how many
     */
    static Progress count(Output output, String what, long total, boolean wanted) {
        return start(output, what, total, wanted && Ansi.AUTO.enabled(), "", 1);
    }

    private static Progress start(Output output, String what, long total, boolean wanted, String unit, long unitSize) {
        boolean terminal = Ansi.AUTO.enabled();
        ProgressBar bar = !wanted || !terminal || output.isJson()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(what)
                        .setInitialMax(total)
                        .setUnit(unit, unitSize)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
                        .showSpeed()
                        .clearDisplayOnFinish()
                        .build();
        return new Progress(output, what, wanted && !terminal && !output.isJson() ? total : -1, bar);
    }

    void add(long bytes) {
        long now = done.addAndGet(bytes);
        if (bar != null) {
            bar.stepBy(bytes);
        } else if (total >= 0) {
            long due = nextLine.get();
            long time = System.nanoTime();
            if (time >= due && nextLine.compareAndSet(due, time + LINE_NANOS)) {
                long remaining = now == 0 ? 0 : (long) ((time - started) / 1e9 * (total - now) / now);
                output.notice(String.format(
                        java.util.Locale.ROOT,
                        "%s: %s of %s, %s, about %d s left",
                        what,
                        ByteSize.text(now),
                        ByteSize.text(total),
                        ByteSize.rate(now, time - started),
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
