package io.karst.appliance.doctor;

import io.karst.tuning.doctor.Finding;
import io.karst.tuning.doctor.Severity;
import java.util.List;
import java.util.Locale;

/** Findings for a person: what is wrong, why it matters, what to change; last a line that counts. */
final class TextReport {
    private TextReport() {}

    static String text(List<Finding> findings, boolean isAll) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            if (isAll || isWorthTelling(finding.severity())) {
                append(text, finding);
            }
        }
        return text.append(String.format(
                        "%d checks: %d as wanted, %d not to be seen here, %d for information, %d warnings, %d errors%n",
                        findings.size(),
                        count(findings, Severity.OK),
                        count(findings, Severity.UNKNOWN),
                        count(findings, Severity.INFO),
                        count(findings, Severity.WARNING),
                        count(findings, Severity.ERROR)))
                .toString();
    }

    private static boolean isWorthTelling(Severity severity) {
        return severity != Severity.OK && severity != Severity.UNKNOWN;
    }

    private static void append(StringBuilder text, Finding finding) {
        text.append(String.format(
                "%-8s%s: %s; wanted: %s%n",
                finding.severity().name().toLowerCase(Locale.ROOT), finding.id(), finding.found(), finding.wanted()));
        if (isWorthTelling(finding.severity())) {
            text.append(String.format("        %s (%s)%n", finding.why(), finding.source()));
            text.append(String.format("        Fix: %s%n", finding.fix().text().replace("\n", ", ")));
        }
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
