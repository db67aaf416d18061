package io.varve.tools.nightly;

import io.varve.store.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The plan of a night. A pure function of the job file, the folders, the records of earlier nights, the time and a
 * seed.
 *
 * @param windowLeft how long machines may be started; empty for no limit
 * @param collects whether {@code gc} is due
 * @param checks whether {@code fsck} is due
 * @param proofOrder names of all machines in random order, of which the first that was backed up gives the restore
 *     proof; empty for no proof
 * @param warnings warnings about the machines
 */
record NightPlan(
        JobFile job,
        List<PlannedMachine> machines,
        Optional<Duration> windowLeft,
        boolean collects,
        boolean checks,
        List<String> proofOrder,
        List<String> warnings) {
    static NightPlan of(JobFile job, FolderListing folders, List<Job> jobs, Instant now, long seed) {
        MachineSearch.Found found = MachineSearch.find(job.machines(), folders);
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
                found.warnings());
    }
}
