package io.varve.tools.document;

@Says("What became of a snapshot that was to be copied.")
public record CopyEntry(
        @Says("Its id in the repository or file it came from")
        String snapshotId,

        @Says(
                value = "Whether it was copied (in a plan: would be), was there already, or was forgotten there",
                words = {"copied", "there", "forgotten"})
        String copyOutcome,

        @Says("Its id in the target") String copyId,
        @Says("Chunks that the target lacked") long newChunkCount,
        @Says("What was added to the repository, in bytes") long storedBytes) {}
