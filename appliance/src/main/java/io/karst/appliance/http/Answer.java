package io.karst.appliance.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it becomes bytes on a socket: a text, or a file that is sent and then deleted.
 *
 * @param status of HTTP
 * @param contentType of body or file
 * @param body empty when there is a file
 * @param file to send and delete, or null
 * @param headers further ones
 */
record Answer(
        HttpResponseStatus status,
        String contentType,
        String body,
        @Nullable Path file,
        Map<String, String> headers) {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    static Answer text(String body) {
        return of(HttpResponseStatus.OK, TEXT, body);
    }

    /** A refusal or failure, in one line that says what to do. */
    static Answer failure(HttpResponseStatus status, String line) {
        return of(status, TEXT, line + "\n");
    }

    static Answer json(String body) {
        return of(HttpResponseStatus.OK, JSON, body);
    }

    static Answer of(HttpResponseStatus status, String contentType, String body) {
        return new Answer(status, contentType, body, null, Map.of());
    }

    /** A file for the browser to keep under this name. */
    static Answer download(Path file, String name) {
        return new Answer(HttpResponseStatus.OK, "application/octet-stream", "", file, Map.of())
                .with(HttpHeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
    }

    Answer with(CharSequence header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header.toString(), value);
        return new Answer(status, contentType, body, file, Map.copyOf(more));
    }
}
