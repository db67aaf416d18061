package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("How far the audit of a disk's change lists has come.")
public record AuditEntry(
        @Says("Parts that a round of the audit has") int sliceCount,
        @Says("Parts that this backup compared") int takenSliceCount,

        @Says("Parts of the current round that were compared so far")
        int doneSliceCount,

        @Says("Backups that a round takes") int roundNightCount,

        @Says("Time of the snapshot with which the current round began")
        Instant roundBeganAt,

        @Says("Every block was compared since the snapshot of this time; absent until then")
        Optional<Instant> comparedSince,

        @Says("Snapshots from this time on may lack changes; absent if no list was caught")
        Optional<Instant> inDoubtSince,

        @Says("Whether ten times as much as usual was compared")
        boolean tenfold,

        @Says("Probability, 0 to 1, that 1 MiB left out each night goes unnoticed for 30 nights")
        double unnoticedProbability) {}
