package io.varve.tools.nightly;

import io.varve.store.job.Job;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The plan of a night. A pure function of the job file, the folders, what hosts say, the records of earlier nights, the
 * time and a seed.
 *
 * @param windowLeft how long machines may be started; empty for no limit
 * @param collects whether {@code gc} is due
 * @param checks whether {@code fsck} is due
 * @param proofOrder names of all machines in random order, of which the first that was backed up gives the restore
 *     proof; empty for no proof
 * @param warnings warnings about the machines
 * @param failures entries whose machines are not known, with the reasons; each fails the night
 */
record NightPlan(
        JobFile job,
        List<PlannedMachine> machines,
        Optional<Duration> windowLeft,
        boolean collects,
        boolean checks,
        List<String> proofOrder,
        List<String> warnings,
        List<String> failures) {
    /** Where the machines of a job are looked for. */
    record Places(FolderListing folders, HostListing hosts) {}

    /** @throws InterruptedIOException when a host was asked and the night was stopped */
    static NightPlan of(JobFile job, Places places, List<Job> jobs, Instant now, long seed)
            throws InterruptedIOException {
        MachineSearch.Found found = MachineSearch.find(job.machines(), places.folders(), places.hosts());
        List<String> order = new ArrayList<>();
        if (job.proof().isPresent()) {
            found.machines().forEach(machine -> order.add(machine.name()));
            Collections.shuffle(order, new Random(seed));
        }
        return new NightPlan(
                job,
                found.machines(),
                Due.left(job.window(), job.zone(), now),
                job.gc().isPresent() && Due.isDue(NightSteps.GC, job.gc().get().every(), jobs, now),
                job.fsck().isPresent()
                        && Due.isDue(NightSteps.FSCK, job.fsck().get().every(), jobs, now),
                List.copyOf(order),
                found.warnings(),
                found.failures());
    }
}
