package io.karst.appliance.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.karst.appliance.hotkeys.HotKeysReport;
import io.karst.replication.PeerReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JSON of the admin port. */
final class Json {
    /** What {@code stats} prints as a number, and JSON may as well. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,9})?");

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** {@code {"curr_items": 1, "version": "1.6.45"}}: rows of statistics; numbers as such. */
    static String of(Map<String, String> rows) {
        return object(json -> {
            for (Map.Entry<String, String> row : rows.entrySet()) {
                json.writeFieldName(row.getKey());
                if (NUMBER.matcher(row.getValue()).matches()) {
                    json.writeRawValue(row.getValue());
                } else {
                    json.writeString(row.getValue());
                }
            }
        });
    }

    /** {@code {"sampled": true, "keys": [{"key": "a", "count": 5, "error": 0}]}}. */
    static String hotKeys(@Nullable List<HotKeysReport.HotKey> keys) {
        return object(json -> {
            json.writeBooleanField("sampled", keys != null);
            json.writeArrayFieldStart("keys");
            for (HotKeysReport.HotKey key : keys == null ? List.<HotKeysReport.HotKey>of() : keys) {
                json.writeStartObject();
                json.writeStringField("key", key.key());
                json.writeNumberField("count", key.count());
                json.writeNumberField("error", Math.max(key.most() - key.count(), key.count() - key.least()));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** {@code {"replicating": true, "peers": [{"name": "10.0.0.7:11211", "state": "up", "lag_p99_us": 900, ...}]}}. */
    static String peers(@Nullable List<PeerReport> peers) {
        return object(json -> {
            json.writeBooleanField("replicating", peers != null);
            json.writeArrayFieldStart("peers");
            for (PeerReport peer : peers == null ? List.<PeerReport>of() : peers) {
                json.writeStartObject();
                json.writeStringField("name", peer.name());
                json.writeStringField("state", peer.state().name().toLowerCase(Locale.ROOT));
                json.writeNumberField("lag_p50_us", peer.lagP50Micros());
                json.writeNumberField("lag_p99_us", peer.lagP99Micros());
                json.writeNumberField("lag_max_us", peer.lagMaxMicros());
                json.writeNumberField("outstanding_bytes", peer.outstandingBytes());
                json.writeNumberField("dirty_buckets", peer.dirtyBuckets());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static String object(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }
}
