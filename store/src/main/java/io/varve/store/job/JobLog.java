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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of jobs in a repository. Each job has two objects that are created once, at its start and its end, so
 * that a job that was killed shows. No lock is needed. No snapshot depends on these records, so a damaged one stops
 * nothing. Collection reads them to detect that a snapshot was lost.
 */
public final class JobLog {
    /** How many days may have wrong dates before records of the last 400 days are deleted. */
    public static final int SPARE_DAYS = 50;

    /** Number of days with jobs whose records are kept; at least those of the last 400 days. */
    public static final int KEPT_DAYS = 400 + SPARE_DAYS;

    /** Records beyond a gap of more than this many days may come from a clock that was far behind, and are kept. */
    public static final int LONGEST_GAP = 100;

    private static final String DIRECTORY = "jobs";
    private static final String START = "start";
    private static final String END = "end";
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

    /** Returns the names of a job's objects. */
    public static List<String> objectNames(String id) {
        return List.of(name(id, START), name(id, END));
    }

    /** @return id of the job */
    public String begin(JobStart start) throws IOException {
        // Milliseconds, because ids sort by time and jobs of one computer may begin in the same second.
        int millis = start.startedAt().get(ChronoField.MILLI_OF_SECOND);
        String id = TIME.format(start.startedAt())
                + String.format(Locale.ROOT, "-%03x%05x", millis, RANDOM.nextInt(1 << 20));
        WholeObject.publish(backend, name(id, START), start.encode());
        return id;
    }

    public void end(String id, JobEnd end) throws IOException {
        WholeObject.publish(backend, name(id, END), end.encode());
    }

    /** Returns the ids of all recorded jobs, newest first. */
    private Set<String> ids() throws IOException {
        return ids(Set.of(START, END));
    }

    /** Returns the ids of all jobs that have one of these records, newest first. */
    private Set<String> ids(Set<String> records) throws IOException {
        Set<String> ids = new TreeSet<>(Comparator.reverseOrder());
        backend.list(DIRECTORY, (name, size) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && records.contains(matcher.group(2))) {
                ids.add(matcher.group(1));
            }
        });
        return ids;
    }

    /**
     * Returns the latest jobs, newest first.
     *
     * @param machine only jobs of this machine; empty for all
     * @param most largest number of jobs to return
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
     * Returns the latest jobs of a machine, newest first.
     *
     * @param most largest number of jobs to return
     * @param among so many of the newest jobs of all machines are looked at; the start of each is read
     */
    public List<Job> newestOf(String machine, int most, int among) throws IOException {
        List<Job> jobs = new ArrayList<>();
        List<String> ids = List.copyOf(ids());
        for (String id : ids.subList(0, Math.min(among, ids.size()))) {
            if (jobs.size() < most && isOf(machine, id)) {
                jobs.add(read(id));
            }
        }
        return jobs;
    }

    private boolean isOf(String machine, String id) throws IOException {
        try {
            String name = name(id, "start");
            return JobStart.decode(file(name), name).machine().equals(machine);
        } catch (CorruptDataException | NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Returns the jobs that began at {@code moment} or later, newest first, according to the clocks of their computers.
     *
     * @param most largest number of jobs to return; the oldest are left out
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
     * Returns the snapshots that recorded jobs committed, newest first, each with the id of its job. Damaged records
     * are left out.
     *
     * @param memory of the records that were read before, which are not read again
     * @param damaged receives the failures of damaged records
     */
    public Map<SnapshotId, String> committed(CommitMemory memory, Consumer<CorruptDataException> damaged)
            throws IOException {
        Set<String> ended = ids(Set.of(END));
        Map<String, Optional<SnapshotId>> known = memory.read();
        Map<String, Optional<SnapshotId>> read = new HashMap<>();
        Map<SnapshotId, String> committed = new LinkedHashMap<>();
        for (String id : ended) {
            try {
                Optional<SnapshotId> snapshot = known.get(id);
                if (snapshot == null) {
                    snapshot = committedBy(id);
                    read.put(id, snapshot);
                }
                snapshot.ifPresent(commit -> committed.put(commit, id));
            } catch (CorruptDataException e) {
                damaged.accept(e);
            } catch (NoSuchFileException e) {
                // It was deleted meanwhile.
            }
        }
        memory.remember(read, ended);
        return committed;
    }

    private Optional<SnapshotId> committedBy(String id) throws IOException {
        String name = name(id, END);
        return JobEnd.decode(file(name), name)
                .snapshot()
                .filter(SnapshotId::isId)
                .map(SnapshotId::new);
    }

    /** Returns what the records say about a job, which is nothing if there are none. */
    public Job find(String id) throws IOException {
        return read(id);
    }

    private Job read(String id) throws IOException {
        Optional<CorruptDataException> damage = Optional.empty();
        Optional<JobStart> start = Optional.empty();
        Optional<JobEnd> end = Optional.empty();
        try {
            start = Optional.of(JobStart.decode(file(name(id, START)), name(id, START)));
        } catch (CorruptDataException e) {
            damage = Optional.of(e);
        } catch (NoSuchFileException e) {
            // Deleted meanwhile.
        }
        try {
            end = Optional.of(JobEnd.decode(file(name(id, END)), name(id, END)));
        } catch (CorruptDataException e) {
            damage = Optional.of(e);
        } catch (NoSuchFileException e) {
            // The job runs, or was killed.
        }
        return new Job(id, start, end, damage);
    }

    private byte[] file(String name) throws IOException {
        return WholeObject.read(backend, name, SealedJson.MAX_SIZE);
    }

    /**
     * Deletes old records, keeping those of the newest {@link #KEPT_DAYS} days on which jobs began. Days are counted,
     * not compared with this computer's clock, so a clock that was ahead uses up only as many of them as there were
     * days with wrong dates, first of all the {@link #SPARE_DAYS}. Nothing beyond a gap of more than
     * {@link #LONGEST_GAP} days is deleted: records that age normally have neighbours, so those beyond a gap probably
     * come from a clock that was far behind.
     *
     * @return number of jobs whose records were deleted
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

    /** Returns the day of a job; empty if the id has no valid date. Such an object is not Varve's and stays. */
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
            // Another process deletes it too.
        }
    }
}
