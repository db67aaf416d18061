package io.varve.tools.document;

import java.util.List;

@Says("What may keep backups or restores from working.")
public record DoctorDocument(
        @Says("What was looked at, in order") List<CheckEntry> checks,
        @Says("How many of them are warnings") int warningCount,
        @Says("How many of them are errors") int errorCount) {}
