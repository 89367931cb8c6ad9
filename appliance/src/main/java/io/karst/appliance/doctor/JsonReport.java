package io.karst.appliance.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.karst.tuning.doctor.Doctor;
import io.karst.tuning.doctor.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/** Findings for a program: {@code {"status": 1, "findings": [{"id": ..., "severity": "warning", ...}]}}. */
final class JsonReport {
    private JsonReport() {}

    static String text(List<Finding> findings) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("status", Doctor.status(findings));
            json.writeArrayFieldStart("findings");
            for (Finding finding : findings) {
                write(json, finding);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", finding.id());
        json.writeStringField("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        json.writeStringField("found", finding.found());
        json.writeStringField("wanted", finding.wanted());
        json.writeStringField("why", finding.why());
        json.writeStringField("fix", finding.fix().text());
        json.writeStringField("fix_kind", finding.fix().kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("source", finding.source());
        json.writeEndObject();
    }
}
