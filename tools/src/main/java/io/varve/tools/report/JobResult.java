package io.varve.tools.report;

import io.varve.store.coordination.HostName;
import io.varve.store.job.Job;
import io.varve.store.job.JobStart;
import io.varve.store.session.Sessions;
import io.varve.tools.output.ExitCode;
import java.util.List;

/** The result of a job in one word: that of its exit code, or the reason why there is none. */
public final class JobResult {
    public static final String RUNNING = "running";
    public static final String KILLED = "killed";
    /** The job has no recorded end, and whether it is still running is unknown. */
    public static final String UNFINISHED = "unfinished";

    public static final String UNKNOWN = "unknown";

    private JobResult() {}

    /** @param living sessions that are alive */
    public static String of(Job job, List<Sessions.Entry> living) {
        if (job.end().isPresent()) {
            return ExitCode.word(job.end().get().exitCode());
        }
        if (job.damage().isPresent() || job.start().isEmpty()) {
            return UNKNOWN;
        }
        JobStart start = job.start().get();
        String process = "process " + start.pid() + "@" + start.host() + ",";
        if (living.stream().anyMatch(entry -> entry.description().startsWith(process))) {
            return RUNNING;
        }
        // A job that waits for another writer has no session yet. For jobs of other computers this cannot be
        // determined.
        if (!start.host().equals(HostName.get())) {
            return UNFINISHED;
        }
        return ProcessHandle.of(start.pid()).isPresent() ? RUNNING : KILLED;
    }

    /** Whether a job with this result made a snapshot. */
    static boolean isGood(String word) {
        return word.equals(ExitCode.DONE.word())
                || word.equals(ExitCode.WARNINGS.word())
                || word.equals(ExitCode.SOURCE_NOT_CLEAN.word());
    }
}
