package io.varve.tools.document;

import java.time.Instant;

@Says("A record of a forgotten snapshot that was made without the key.")
public record UnsignedRecordEntry(
        @Says("Snapshot that was forgotten") String snapshotId,
        @Says("Its machine") String machine,
        @Says("When it was forgotten, as the record says") Instant forgottenAt) {}
