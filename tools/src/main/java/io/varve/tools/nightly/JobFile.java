package io.varve.tools.nightly;

import io.varve.adapters.hyperv.Consistency;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.windows.GivenPath;
import io.varve.engine.backup.BackupOptions;
import io.varve.store.chunk.Compression;
import io.varve.tools.configuration.RepositoryPlace;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A valid job file.
 *
 * @param name name of the job, for records and reports
 * @param parallel how many machines are backed up at the same time
 * @param threads empty for the default
 * @param zone time zone of the times of day, and of retention
 * @param proof empty if there is no restore proof; likewise for the other steps
 */
record JobFile(
        String name,
        Place repository,
        Duration patience,
        List<MachineEntry> machines,
        int parallel,
        Optional<Integer> threads,
        Optional<Long> readRate,
        Optional<Long> writeRate,
        Optional<Window> window,
        Optional<Schedule> schedule,
        ZoneId zone,
        Optional<Copy> copy,
        Optional<Gc> gc,
        Optional<Check> fsck,
        Optional<Proof> proof,
        Hooks hooks,
        List<Notice> notices,
        Optional<GivenPath> metricsFile,
        Optional<GivenPath> reportFile) {
    /** A repository and its key. */
    record Place(RepositoryPlace where, GivenPath keyFile, GivenPath passwordFile, String passwordCommand) {}

    /** @param decrypt whether a plain copy of an encrypted repository is intended */
    record Copy(Place place, boolean decrypt) {}

    /**
     * One or more machines.
     *
     * @param line in the job file
     */
    record MachineEntry(Selection selection, Policy policy, int line) {}

    /**
     * How a machine is backed up and how long its snapshots are kept.
     *
     * @param consistency and {@code mergeLimit}, how long to wait until its host has merged a checkpoint, are for
     *     machines of Hyper-V hosts
     * @param allowSavedState for shadow copies; {@code requireFrozen} and the parents are for disk files
     */
    record Policy(
            Compression compression,
            boolean requireFrozen,
            int disksAtOnce,
            OptionalDouble auditPercent,
            List<GivenPath> parents,
            boolean allowParentOutside,
            Consistency consistency,
            Duration mergeLimit,
            boolean allowSavedState,
            Optional<Keep> keep,
            Hooks hooks) {
        static final Policy DEFAULT = new Policy(
                Compression.LZ4,
                false,
                BackupOptions.DEFAULT_DISKS_AT_ONCE,
                OptionalDouble.empty(),
                List.of(),
                false,
                HyperVSource.Choices.DEFAULT.consistency(),
                HyperVSource.Choices.DEFAULT.mergeLimit(),
                false,
                Optional.empty(),
                Hooks.NONE);
    }

    /** Rules of retention. */
    record Keep(
            int last,
            int hourly,
            int daily,
            int weekly,
            int monthly,
            int yearly,
            Optional<Period> within,
            Set<String> tags) {}

    /**
     * Commands of the operator.
     *
     * @param freeze and {@code thaw} allowed for machines only
     */
    record Hooks(
            Optional<String> before,
            Optional<String> freeze,
            Optional<String> thaw,
            Optional<String> after,
            Duration timeLimit) {
        static final Hooks NONE = new Hooks(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofMinutes(10));
    }

    /** @param from earliest start of a night that runs because it is due */
    record Window(Optional<LocalTime> from, LocalTime until) {}

    /** @param days days on which a night is due; never empty */
    record Schedule(LocalTime at, Set<DayOfWeek> days) {}

    /** @param every shortest time between two collections; empty to collect each night */
    record Gc(Optional<Duration> every, double maxWaste, double maxDelete) {}

    /** @param readPercent share of the packs to read; empty if not given */
    record Check(
            Optional<Duration> every,
            OptionalDouble readPercent,
            Optional<Duration> within,
            boolean sinceLast,
            boolean deep,
            Optional<Long> readRate) {}

    /** @param size empty for the whole disk */
    record Proof(Optional<Long> size, boolean live, Optional<Long> readRate) {}

    /** When to notify. */
    enum When {
        ALWAYS,
        WARNINGS,
        FAILURE
    }

    /** Whom to notify. Exactly one of the three is given. */
    record Notice(When when, Optional<String> command, Optional<Webhook> webhook, Optional<Mail> mail) {}

    /** A notification by an HTTP request. */
    record Webhook(URI url, Optional<GivenPath> tokenFile, Duration timeLimit) {}

    /** @param security {@code starttls}, {@code tls} or {@code none} */
    record Mail(
            String host,
            int port,
            String security,
            Optional<String> user,
            Optional<GivenPath> passwordFile,
            String from,
            List<String> to,
            Duration timeLimit) {}
}
