package io.varve.tools.report;

import io.varve.store.job.JobEnd;
import io.varve.tools.report.Records.Entry;
import java.util.ArrayList;
import java.util.List;

/** The good backups of a disk, taken from its machine's jobs. */
final class DiskHistory {
    private static final String DEMOTED = "demoted";

    private DiskHistory() {}

    /** @param jobs newest first */
    static List<JobEnd.JobDisk> of(List<Entry> jobs, String disk) {
        List<JobEnd.JobDisk> history = new ArrayList<>();
        for (Entry job : jobs) {
            if (job.isGood()) {
                job.disks().stream()
                        .filter(candidate -> candidate.name().equals(disk))
                        .findFirst()
                        .ifPresent(history::add);
            }
        }
        return history;
    }

    /** Returns how many of its latest good backups read the disk whole because its change list was not trusted. */
    static int demotedInARow(List<Entry> jobs, String disk) {
        int count = 0;
        for (JobEnd.JobDisk night : of(jobs, disk)) {
            if (!night.mode().equals(DEMOTED)) {
                break;
            }
            count++;
        }
        return count;
    }

    static boolean isDemoted(JobEnd.JobDisk disk) {
        return disk.mode().equals(DEMOTED);
    }
}
