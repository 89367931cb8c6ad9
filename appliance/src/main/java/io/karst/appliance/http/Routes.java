package io.karst.appliance.http;

import io.karst.appliance.admin.LoopQuestion;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every page of the admin port, one row each. */
final class Routes implements AutoCloseable {
    /** How long a recording may go on when nobody says. */
    private static final String RECORDING_SECONDS = "600";

    /**
     * A page.
     *
     * @param path where
     * @param method GET, which goes for HEAD as well, or POST for what changes something
     * @param isOpen whether it is answered without the token: it tells nothing about the server but that it runs
     * @param page makes the answer
     */
    record Route(String path, HttpMethod method, boolean isOpen, Page page) {
        /** Whether a request's method is right here. */
        boolean takes(HttpMethod given) {
            return given.equals(method) || (given.equals(HttpMethod.HEAD) && method.equals(HttpMethod.GET));
        }

        /** The methods as an Allow line has them. */
        String allow() {
            return method.equals(HttpMethod.GET) ? "GET, HEAD" : method.name();
        }
    }

    /** Makes an answer; on a thread where it may wait. */
    interface Page {
        /** The answer to a request with these parameters in its query. */
        Answer answer(Parameters parameters) throws InterruptedException;
    }

    /** What stands behind the question mark; of several values the first. */
    record Parameters(Map<String, List<String>> values) {
        @Nullable
        String first(String name) {
            List<String> all = values.get(name);
            return all == null || all.isEmpty() ? null : all.get(0);
        }

        String firstOr(String name, String otherwise) {
            String first = first(name);
            return first == null ? otherwise : first;
        }
    }

    private final Map<String, Route> byPath;
    private final @Nullable FlightRecorder recorder =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new FlightRecorder() : null;

    Routes(NodeView node, AdminCounters counters) {
        LoopQuestion loops = new LoopQuestion(node.server(), Health.PATIENCE_MILLIS);
        Console console = new Console();
        Health health = new Health(node, loops);
        StatsPage stats = new StatsPage(node, loops, counters);
        byPath = Stream.of(
                        new Route("/", HttpMethod.GET, true, parameters -> console.page()),
                        new Route("/livez", HttpMethod.GET, true, parameters -> health.live()),
                        new Route("/readyz", HttpMethod.GET, true, parameters -> health.ready()),
                        get("/metrics", parameters -> stats.metrics()),
                        get("/v1/stats", parameters -> stats.stats(parameters.first("section"))),
                        get("/v1/hotkeys", parameters -> stats.hotKeys()),
                        get("/v1/peers", parameters -> stats.peers()),
                        get("/v1/threads", parameters -> ThreadDump.answer()),
                        post("/v1/jfr/start", this::startRecording),
                        post("/v1/jfr/stop", parameters -> recorder == null ? noRecorder() : recorder.stop()))
                .collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
    }

    private static Route get(String path, Page page) {
        return new Route(path, HttpMethod.GET, false, page);
    }

    private static Route post(String path, Page page) {
        return new Route(path, HttpMethod.POST, false, page);
    }

    /** The page at a path, or null. */
    @Nullable
    Route at(String path) {
        return byPath.get(path);
    }

    private Answer startRecording(Parameters parameters) {
        String seconds = parameters.firstOr("seconds", RECORDING_SECONDS);
        return recorder == null
                ? noRecorder()
                : recorder.start(
                        parameters.firstOr("settings", "default"),
                        seconds.matches("[0-9]{1,6}") ? Integer.parseInt(seconds) : -1);
    }

    private static Answer noRecorder() {
        return Answer.failure(HttpResponseStatus.NOT_IMPLEMENTED, "This Java has no flight recorder (jdk.jfr).");
    }

    @Override
    public void close() {
        if (recorder != null) {
            recorder.close();
        }
    }
}
