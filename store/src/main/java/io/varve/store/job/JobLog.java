package io.varve.store.job;

import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.SealedJson;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of jobs in a repository: two objects each, created once, one when it begins and one when it ends; so a
 * job that was killed shows. Needs no lock. No snapshot rests on these records, so a damaged one stops nothing.
 * Collection reads them to notice that a snapshot was lost.
 */
public final class JobLog {
    /** Days of which the dates may be wrong before records of the last 400 days are deleted. */
    public static final int SPARE_DAYS = 50;

    /** Of how many days, on which jobs began, records are kept: at least those of the last 400 days. */
    public static final int KEPT_DAYS = 400 + SPARE_DAYS;

    /** More days than this without a record, and what is older may be of a clock that was far behind. */
    public static final int LONGEST_GAP = 100;

    private static final String DIRECTORY = "jobs";
    private static final Pattern NAME =
            Pattern.compile(DIRECTORY + "/([0-9]{8}T[0-9]{6}Z-[0-9a-f]{8})\\.(start|end)\\.json");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Backend backend;

    public JobLog(Backend backend) {
        this.backend = backend;
    }

    /** Whether an object of this name is a job's record. */
    public static boolean isObjectName(String name) {
        return NAME.matcher(name).matches();
    }

    private static String name(String id, String which) {
        return DIRECTORY + "/" + id + "." + which + ".json";
    }

    /** The objects of a job. */
    public static List<String> objectNames(String id) {
        return List.of(name(id, "start"), name(id, "end"));
    }

    /** @return id of the job */
    public String begin(JobStart start) throws IOException {
        // The millisecond first: ids sort by time, and jobs of one computer may begin in the same second.
        int millis = start.startedAt().get(ChronoField.MILLI_OF_SECOND);
        String id = TIME.format(start.startedAt())
                + String.format(Locale.ROOT, "-%03x%05x", millis, RANDOM.nextInt(1 << 20));
        WholeObject.publish(backend, name(id, "start"), start.encode());
        return id;
    }

    public void end(String id, JobEnd end) throws IOException {
        WholeObject.publish(backend, name(id, "end"), end.encode());
    }

    /** Ids of all jobs on record, newest first. */
    private List<String> ids() throws IOException {
        Set<String> ids = new TreeSet<>(Comparator.reverseOrder());
        backend.list(DIRECTORY, (name, size) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                ids.add(matcher.group(1));
            }
        });
        return List.copyOf(ids);
    }

    /**
     * The newest jobs, newest first.
     *
     * @param machine whose; empty for all machines
     * @param most how many at most
     */
    public List<Job> newest(Optional<String> machine, int most) throws IOException {
        List<Job> jobs = new ArrayList<>();
        for (String id : ids()) {
            if (jobs.size() == most) {
                break;
            }
            Job job = read(id);
            boolean wanted = machine.isEmpty()
                    || job.start().isPresent() && job.start().get().machine().equals(machine.get());
            if (wanted
                    && (job.start().isPresent()
                            || job.end().isPresent()
                            || job.damage().isPresent())) {
                jobs.add(job);
            }
        }
        return jobs;
    }

    /**
     * The jobs that began at a moment or later, newest first, by what clocks said.
     *
     * @param most how many at most; the oldest are left out
     */
    public List<Job> since(Instant moment, int most) throws IOException {
        String first = TIME.format(moment);
        List<Job> jobs = new ArrayList<>();
        for (String id : ids()) {
            if (id.compareTo(first) < 0 || jobs.size() == most) {
                break;
            }
            Job job = read(id);
            if (job.start().isPresent() || job.end().isPresent() || job.damage().isPresent()) {
                jobs.add(job);
            }
        }
        return jobs;
    }

    /**
     * The snapshots that jobs on record committed, newest first, each with the id of its job. Damaged records are left
     * out: what they said cannot be known.
     */
    public Map<SnapshotId, String> committed() throws IOException {
        Map<SnapshotId, String> committed = new LinkedHashMap<>();
        for (String id : ids()) {
            String name = name(id, "end");
            try {
                Optional<String> snapshot = JobEnd.decode(file(name), name).snapshot();
                if (snapshot.isPresent() && SnapshotId.isId(snapshot.get())) {
                    committed.put(new SnapshotId(snapshot.get()), id);
                }
            } catch (CorruptDataException | NoSuchFileException e) {
                // Damaged; or it runs, or was killed.
            }
        }
        return committed;
    }

    /** What the records say of a job; nothing if there are none. */
    public Job find(String id) throws IOException {
        return read(id);
    }

    private Job read(String id) throws IOException {
        Optional<CorruptDataException> damage = Optional.empty();
        Optional<JobStart> start = Optional.empty();
        Optional<JobEnd> end = Optional.empty();
        try {
            start = Optional.of(JobStart.decode(file(name(id, "start")), name(id, "start")));
        } catch (CorruptDataException e) {
            damage = Optional.of(e);
        } catch (NoSuchFileException e) {
            // Deleted in this moment, or by somebody.
        }
        try {
            end = Optional.of(JobEnd.decode(file(name(id, "end")), name(id, "end")));
        } catch (CorruptDataException e) {
            damage = Optional.of(e);
        } catch (NoSuchFileException e) {
            // It runs, or was killed.
        }
        return new Job(id, start, end, damage);
    }

    private byte[] file(String name) throws IOException {
        return WholeObject.read(backend, name, SealedJson.MAX_SIZE);
    }

    /**
     * Deletes the records of jobs before the newest {@link #KEPT_DAYS} days on which jobs began. What this computer's
     * clock says counts for nothing, and each day counts as one, however far off its date is: a clock that is ahead
     * takes as many of these days as it was wrong, the {@link #SPARE_DAYS} at first, and cannot make others old. A
     * record that a clock left far behind is kept: nothing beyond a gap of more than {@link #LONGEST_GAP} days is
     * deleted, since records that grow old in the ordinary way have neighbours.
     *
     * @return how many jobs they were of
     */
    public int prune() throws IOException {
        TreeMap<LocalDate, List<String>> days = new TreeMap<>(Comparator.reverseOrder());
        backend.list(DIRECTORY, (name, size) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                day(matcher.group(1))
                        .ifPresent(day -> days.computeIfAbsent(day, none -> new ArrayList<>())
                                .add(name));
            }
        });
        Set<String> jobs = new HashSet<>();
        int count = 0;
        LocalDate later = null;
        for (Map.Entry<LocalDate, List<String>> day : days.entrySet()) {
            if (count++ >= KEPT_DAYS) {
                if (day.getKey().isBefore(later.minusDays(LONGEST_GAP))) {
                    break;
                }
                for (String name : day.getValue()) {
                    delete(name);
                    jobs.add(name.substring(0, name.indexOf('.')));
                }
            }
            later = day.getKey();
        }
        return jobs.size();
    }

    /** Empty for a date that is none: somebody else's object, which stays. */
    private static Optional<LocalDate> day(String id) {
        try {
            return Optional.of(LocalDate.parse(id.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void delete(String name) throws IOException {
        try {
            backend.delete(name);
        } catch (NoSuchFileException e) {
            // Somebody else does the same.
        }
    }
}
