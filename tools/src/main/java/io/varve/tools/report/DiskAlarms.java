package io.varve.tools.report;

import io.varve.store.job.JobEnd.JobDisk;
import io.varve.tools.output.ByteSize;
import io.varve.tools.report.Records.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds what is unusual about a disk's backup compared with the disk's own history. A pure function.
 *
 * <p>Volume is judged on a logarithmic scale, so that growth is not unusual. A night is unusual if it is more than five
 * median absolute deviations above the median, and also half as much again above the largest night on record, so that a
 * weekly peak is not unusual once there was one. Compressibility is the space that new content takes in packs divided
 * by its length, which is 1 for encrypted content.
 *
 * <p>An alarm that may mean destroyed content places a hold on the machine's retention. A large volume alone does not,
 * if the new content compresses as before: a defragmentation or a new database destroys nothing. If compressibility is
 * unknown, it does.
 */
public final class DiskAlarms {
    /** Name of this step in a night's record. */
    public static final String STEP = "alarm";

    /** Read whole twice in a row because its change list was not trusted. */
    public static final String DEMOTED_TWICE = "demoted-twice";

    /** Far more changed than ever before. */
    public static final String VOLUME = "change-volume";

    /** New content hardly compresses, unlike before, so it may be encrypted. */
    public static final String INCOMPRESSIBLE = "content-incompressible";

    /** Far more changed than ever before, and most of it is zeros now. */
    public static final String REMOVED = "content-removed";

    /** Least nights needed: they must include a weekly peak. */
    static final int FEWEST_NIGHTS = 14;

    /** Least nights with enough new content to judge compressibility. */
    static final int FEWEST_SAMPLES = 7;

    private static final String FIRST = "first-backup"; // its whole content counts as changed
    private static final int MOST_NIGHTS = 60;
    private static final double DEVIATIONS = 5;
    private static final double LEAST_VOLUME_DEVIATION = Math.log(1.5);
    private static final double ABOVE_LARGEST = 1.5;
    private static final double LEAST_SHARE_OF_DISK = 0.01;
    private static final long LEAST_VOLUME = 64L << 20;
    private static final long SAMPLE = 16L << 20;
    private static final double LEAST_RATIO_DEVIATION = 0.03;
    private static final double NEARLY_ALL = 0.9;
    /** Content that usually takes more than this cannot be distinguished from encrypted content. */
    private static final double HARDLY_COMPRESSIBLE = 0.75;

    private final JobDisk tonight;
    private final List<JobDisk> history;
    private final List<Entry> jobs;

    private DiskAlarms(JobDisk tonight, List<Entry> jobs) {
        this.tonight = tonight;
        this.jobs = jobs;
        this.history = DiskHistory.of(jobs, tonight.name()).stream()
                .filter(night -> !night.reason().equals(FIRST))
                .limit(MOST_NIGHTS)
                .toList();
    }

    /**
     * @param code short and stable
     * @param message for the operator
     * @param holds whether no snapshot of the machine may be forgotten until somebody has looked
     */
    public record Alarm(String code, String message, boolean holds) {}

    /** @param jobs the machine's jobs before tonight, newest first */
    public static List<Alarm> of(JobDisk tonight, List<Entry> jobs) {
        DiskAlarms judge = new DiskAlarms(tonight, jobs);
        List<Alarm> alarms = new ArrayList<>();
        judge.demotion().ifPresent(alarms::add);
        boolean much = judge.isUnusualVolume();
        Optional<Alarm> content = judge.incompressible().or(() -> much ? judge.removed() : Optional.empty());
        content.ifPresent(alarms::add);
        if (much && content.isEmpty()) {
            alarms.add(judge.volume());
        }
        return alarms;
    }

    /** The hold is placed only once, because whoever releases it knows the reason; later nights still warn. */
    private Optional<Alarm> demotion() {
        int before = DiskHistory.demotedInARow(jobs, tonight.name());
        if (!DiskHistory.isDemoted(tonight) || before == 0) {
            return Optional.empty();
        }
        return Optional.of(new Alarm(
                DEMOTED_TWICE,
                "its change list could not be trusted " + (before + 1) + " times in a row (" + tonight.reason()
                        + "): the source's change tracking is at fault",
                before == 1));
    }

    private boolean isUnusualVolume() {
        if (tonight.reason().equals(FIRST)
                || history.size() < FEWEST_NIGHTS
                || tonight.changed() < LEAST_VOLUME
                || tonight.changed() < LEAST_SHARE_OF_DISK * tonight.size()) {
            return false;
        }
        List<Double> volumes =
                history.stream().map(night -> logarithm(night.changed())).toList();
        double median = Robust.median(volumes);
        double deviation = Math.max(LEAST_VOLUME_DEVIATION, Robust.deviation(volumes, median));
        return logarithm(tonight.changed()) > median + DEVIATIONS * deviation
                && tonight.changed() > ABOVE_LARGEST * largest();
    }

    private long largest() {
        return history.stream().mapToLong(JobDisk::changed).max().orElse(0);
    }

    /** Nights with hardly any change count as equal. */
    private static double logarithm(long bytes) {
        return Math.log((double) Math.max(bytes, 1 << 20));
    }

    /** Returns the compressibility of new content; empty if there is too little of it. */
    private static Optional<Double> ratio(JobDisk night, long least) {
        return night.added().isPresent() && night.added().getAsLong() >= least
                ? Optional.of((double) night.stored() / night.added().getAsLong())
                : Optional.empty();
    }

    private List<Double> ratios() {
        return history.stream().flatMap(night -> ratio(night, SAMPLE).stream()).toList();
    }

    private Optional<Alarm> incompressible() {
        Optional<Double> now = ratio(tonight, LEAST_VOLUME);
        List<Double> ratios = ratios();
        if (now.isEmpty() || ratios.size() < FEWEST_SAMPLES) {
            return Optional.empty();
        }
        double median = Robust.median(ratios);
        double deviation = Math.max(LEAST_RATIO_DEVIATION, Robust.deviation(ratios, median));
        if (now.get() < NEARLY_ALL || now.get() <= median + DEVIATIONS * deviation) {
            return Optional.empty();
        }
        return Optional.of(new Alarm(
                INCOMPRESSIBLE,
                String.format(
                        Locale.ROOT,
                        "%s of new content hardly compress (to %.0f %%, usually %.0f %%): it may have been encrypted,"
                                + " by malware too. Older snapshots still have the old content",
                        ByteSize.text(tonight.added().getAsLong()),
                        100 * now.get(),
                        100 * median),
                true));
    }

    private Optional<Alarm> removed() {
        if (tonight.zero().isEmpty() || tonight.zero().getAsLong() < tonight.changed() / 2) {
            return Optional.empty();
        }
        return Optional.of(new Alarm(
                REMOVED,
                ByteSize.text(tonight.zero().getAsLong()) + " of its content are zeros now, far more than on any night"
                        + " on record: somebody deleted or wiped it. Older snapshots still have the old content",
                true));
    }

    private Alarm volume() {
        List<Double> ratios = ratios();
        boolean tells = tonight.added().isPresent()
                && ratios.size() >= FEWEST_SAMPLES
                && Robust.median(ratios) <= HARDLY_COMPRESSIBLE;
        List<Double> volumes =
                history.stream().map(night -> (double) night.changed()).toList();
        String usual = ByteSize.text((long) Robust.median(volumes));
        return new Alarm(
                VOLUME,
                ByteSize.text(tonight.changed()) + " changed, usually " + usual + ", at most "
                        + ByteSize.text(largest())
                        + (tells
                                ? "; new content compresses as before, as after a defragmentation or with new data"
                                : "; whether it was encrypted cannot be told, since its content never compressed well"),
                !tells);
    }
}
