package io.varve.tools.report;

import io.varve.store.job.JobEnd.JobDisk;
import io.varve.tools.output.ByteSize;
import io.varve.tools.report.Records.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is odd about a disk's backup, judged by the disk's own history. A pure function.
 *
 * <p>Volume is judged on a logarithmic scale, so that growth is no oddity: unusual is what lies five deviations (of the
 * median, by absolute deviations) above the median and half as much again above the largest night on record, so that a
 * weekly peak is not unusual once there was one. Compressibility is what new content takes in packs, divided by its
 * length: encrypted content takes all of it.
 *
 * <p>What may destroy content holds the machine's retention. Much that changed holds nothing by itself where the new
 * content compresses as it used to: a defragmentation or a new database is no loss. Where compressibility cannot tell,
 * it holds.
 */
public final class DiskAlarms {
    /** Name of the step in a night's record. */
    public static final String STEP = "alarm";

    /** Read whole two times in a row, its change list not being trusted. */
    public static final String DEMOTED_TWICE = "demoted-twice";

    /** Far more changed than ever. */
    public static final String VOLUME = "change-volume";

    /** New content hardly compresses, unlike before: it may be encrypted. */
    public static final String INCOMPRESSIBLE = "content-incompressible";

    /** Far more changed than ever, and most of it is zeros now. */
    public static final String REMOVED = "content-removed";

    /** Fewer nights say nothing: a weekly peak has to be among them. */
    static final int FEWEST_NIGHTS = 14;

    /** Nights with enough new content to tell how it compresses. */
    static final int FEWEST_SAMPLES = 7;

    private static final String FIRST = "first-backup"; // all that a disk holds has changed then
    private static final int MOST_NIGHTS = 60;
    private static final double DEVIATIONS = 5;
    private static final double LEAST_VOLUME_DEVIATION = Math.log(1.5);
    private static final double ABOVE_LARGEST = 1.5;
    private static final double LEAST_SHARE_OF_DISK = 0.01;
    private static final long LEAST_VOLUME = 64L << 20;
    private static final long SAMPLE = 16L << 20;
    private static final double LEAST_RATIO_DEVIATION = 0.03;
    private static final double NEARLY_ALL = 0.9;
    /** Content that takes more than this usually cannot be told from encrypted content. */
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
     * @param holds whether nothing of the machine is to be forgotten until somebody has looked
     */
    public record Alarm(String code, String message, boolean holds) {}

    /** @param jobs of the machine before tonight, newest first */
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

    /** The hold is placed once: who released it knows, though each further night still warns. */
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

    /** Nights with next to no change are alike. */
    private static double logarithm(long bytes) {
        return Math.log((double) Math.max(bytes, 1 << 20));
    }

    /** What new content takes; empty where there is too little of it to tell. */
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
