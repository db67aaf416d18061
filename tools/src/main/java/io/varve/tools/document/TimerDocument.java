package io.varve.tools.document;

import java.util.List;

@Says("With --install-timer: what runs the job each night.")
public record TimerDocument(
        @Says("Whether the files were written") boolean applied,
        @Says("The files") List<TimerFileEntry> timerFiles) {}
