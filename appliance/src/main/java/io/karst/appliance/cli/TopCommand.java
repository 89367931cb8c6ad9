package io.karst.appliance.cli;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code karst top}: a screen on a terminal, lines elsewhere. */
final class TopCommand {
    private static final String DEFAULT_SECONDS = "2";
    private static final int COUNT_MAX = 1_000_000_000;
    private static final int LINES_PER_HEAD = 20;

    private final InputStream in;
    private final PrintStream out;

    TopCommand(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    ExitStatus run(Words given, Map<String, String> environment) throws IOException, InterruptedException {
        List<String> words = given.atMost(1);
        Endpoint server = given.server(words.isEmpty() ? null : words.get(0));
        String seconds = interval(given.value("--interval"));
        long intervalNs = (long) (Double.parseDouble(seconds) * TimeUnit.SECONDS.toNanos(1));
        long count = given.has("--once") ? 1 : given.number("--count", 1, COUNT_MAX, Long.MAX_VALUE);
        boolean isLive =
                !given.has("--once") && Terminal.isTerminal(Terminal.STDIN) && Terminal.isTerminal(Terminal.STDOUT);
        try (TextClient client = new TextClient(server, given.access(environment))) {
            TopSample first = TopSample.of(client);
            if (isLive) {
                show(client, first, seconds, intervalNs, count);
            } else {
                print(client, first, intervalNs, count);
            }
        }
        return ExitStatus.OK;
    }

    private static String interval(@Nullable String text) {
        if (text == null) {
            return DEFAULT_SECONDS;
        }
        boolean isNumber = text.matches("[0-9]{1,5}(\\.[0-9]{1,3})?");
        if (!isNumber || Double.parseDouble(text) < 0.1 || Double.parseDouble(text) > 86_400) {
            throw new ConfigException("--interval=\"" + text + "\": use seconds from 0.1 to 86400.");
        }
        return text;
    }

    private void show(TextClient client, TopSample first, String seconds, long intervalNs, long count)
            throws IOException, InterruptedException {
        try (Screen screen = Screen.open(in, out)) {
            TopSample before = first;
            // The first screen comes at once: its rates are of nothing yet.
            screen.draw(new TopFrame(before, before).lines(client.endpoint(), seconds));
            for (long i = 0; i < count; i++) {
                if (screen.isQuitWithin(intervalNs)) {
                    return;
                }
                TopSample now = TopSample.of(client);
                screen.draw(new TopFrame(before, now).lines(client.endpoint(), seconds));
                before = now;
            }
        }
    }

    private void print(TextClient client, TopSample first, long intervalNs, long count)
            throws IOException, InterruptedException {
        TopSample before = first;
        for (long i = 0; i < count && !out.checkError(); i++) {
            TimeUnit.NANOSECONDS.sleep(intervalNs);
            TopSample now = TopSample.of(client);
            if (i % LINES_PER_HEAD == 0) {
                out.println(TopFrame.HEAD);
            }
            out.println(new TopFrame(before, now).line());
            before = now;
        }
    }
}
