package io.karst.appliance.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/*
 * Two kinds of visitors are unwelcome. One is another machine, or another user of this one: the token keeps them out, and
 * without a token there are only loopback addresses (SettingsResolver). The other is a page in the operator's own browser,
 * which can send requests to the loopback interface:
 *
 *  - by a name of its own that it lets point to 127.0.0.1 (DNS rebinding), and then it may read the answers. Such a request
 *    carries the page's name in Host; so without a token only names that mean this machine are answered. With a token the
 *    name does not matter, since the page does not have the token.
 *  - by the right name, from a page of another origin (CSRF). It cannot read the answers, so only what changes something is
 *    of interest; there the browser says where the page is from, in Origin and Sec-Fetch-Site.
 */
/** Who may have which page. Thread-safe. */
final class Doorkeeper {
    private static final String SCHEME = "Bearer ";
    private static final Pattern OURSELVES =
            Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]{1,5})?");
    private static final String SEC_FETCH_SITE = "sec-fetch-site";

    private final @Nullable BearerToken token;
    private final AdminCounters counters;

    Doorkeeper(@Nullable BearerToken token, AdminCounters counters) {
        this.token = token;
        this.counters = counters;
    }

    /** Why this request is not answered, or null when it is. */
    @Nullable
    Answer refusal(HttpRequest request, Routes.Route route) {
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST, "");
        if (token == null && !host.isEmpty() && !isOurselves(host)) {
            counters.misdirected.increment();
            return Answer.failure(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "This is not that host. Use 127.0.0.1 or localhost, or give the server a token (-o admin_token).");
        }
        if (request.method().equals(HttpMethod.POST) && isFromElsewhere(headers, host)) {
            counters.misdirected.increment();
            return Answer.failure(HttpResponseStatus.FORBIDDEN, "Pages of other origins may not do this.");
        }
        if (token != null && !route.isOpen() && !isRight(headers)) {
            counters.unauthorized.increment();
            return Answer.failure(
                            HttpResponseStatus.UNAUTHORIZED,
                            "A token is needed: Authorization: Bearer <first line of the file of -o admin_token>.")
                    .with(
                            HttpHeaderNames.WWW_AUTHENTICATE,
                            headers.contains(HttpHeaderNames.AUTHORIZATION)
                                    ? "Bearer realm=\"karst\", error=\"invalid_token\""
                                    : "Bearer realm=\"karst\"");
        }
        return null;
    }

    private static boolean isOurselves(String host) {
        return OURSELVES.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    private static boolean isFromElsewhere(HttpHeaders headers, String host) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        String site = headers.get(SEC_FETCH_SITE, "none");
        boolean isOtherOrigin = origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
        return isOtherOrigin || !(site.equals("none") || site.equals("same-origin"));
    }

    private boolean isRight(HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        return token != null
                && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && token.isRight(authorization.substring(SCHEME.length()).strip());
    }
}
