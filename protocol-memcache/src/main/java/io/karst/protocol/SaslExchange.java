package io.karst.protocol;

/**
 * One connection's logins, one after the other. Loop thread only, and never entered while a command of the connection is
 * {@link Progress#SUSPENDED}. Cold path: allocates.
 *
 * <p>Both methods answer through {@link SaslReply}, once: before they return {@link Progress#DONE}, or later on the same
 * loop when they return {@link Progress#SUSPENDED}, which the caller passes on. Hashing a password takes milliseconds and
 * a refusal is held back for a while, neither of which may stop the loop. A connection with too many failures is closed
 * by the exchange itself, behind the last answer. {@link WireCounter#AUTH_CMDS} and {@link WireCounter#AUTH_ERRORS} are
 * counted here.
 */
public interface SaslExchange {

    /** Whether the last login went well. A connection whose answer is no may only log in. */
    boolean isAuthenticated();

    /**
     * Begins a login; an earlier one, good or not, is over.
     *
     * @param mechanism as the client wrote it; an unknown one fails
     * @param initialResponse the client's first message, empty when it waits for a challenge; not kept
     * @param replies passed through to {@code reply}
     */
    Progress start(
            String mechanism,
            byte[] initialResponse,
            ReplyWriter replies,
            ClientConnection connection,
            SaslReply reply);

    /** Takes the client's answer to a {@link SaslOutcome.Status#CONTINUE}; without one before it, fails. */
    Progress step(byte[] response, ReplyWriter replies, ClientConnection connection, SaslReply reply);
}
