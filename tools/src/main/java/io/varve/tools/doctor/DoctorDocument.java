package io.varve.tools.doctor;

import java.util.List;

/** What {@code varve doctor --json} prints. */
record DoctorDocument(List<Line> findings, int warnings, int errors) {
    /**
     * @param severity {@code ok}, {@code warning} or {@code error}
     * @param advice empty where nothing is to be done
     */
    record Line(String severity, String code, String text, String advice) {}

    static DoctorDocument of(List<Finding> findings) {
        return new DoctorDocument(
                findings.stream()
                        .map(finding -> new Line(finding.word(), finding.code(), finding.text(), finding.advice()))
                        .toList(),
                count(findings, Finding.Severity.WARNING),
                count(findings, Finding.Severity.ERROR));
    }

    private static int count(List<Finding> findings, Finding.Severity severity) {
        return (int) findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
