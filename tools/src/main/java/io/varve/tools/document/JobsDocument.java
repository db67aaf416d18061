package io.varve.tools.document;

import java.util.List;

@Says("The jobs, newest first.")
public record JobsDocument(@Says("The jobs") List<JobEntry> jobs) {}
