package io.varve.tools.document;

@Says("What a machine added in one night.")
public record StoredNightEntry(
        @Says("How many nights ago, 0 for the last") int nightsAgo,
        @Says("What was added to the repository, in bytes") long storedBytes) {}
