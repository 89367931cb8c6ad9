package io.karst.appliance.auth;

import io.karst.protocol.Access;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;
import io.karst.protocol.ReplyWriter;
import io.karst.protocol.SaslExchange;
import io.karst.protocol.SaslOutcome;
import io.karst.protocol.SaslReply;
import io.karst.protocol.WireCounter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection's logins. Loop thread only; what it hands to the workers touches none of its fields. */
final class SaslConversation implements SaslExchange {
    /** A message longer than this fails unread. */
    private static final int MESSAGE_MAX = 4096;

    private final SaslAuthenticator authenticator;
    private boolean isAuthenticated;
    private boolean awaitsPlain;
    private boolean awaitsScram;
    private @Nullable ScramServer scram;
    private int failureCount;

    SaslConversation(SaslAuthenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public boolean isAuthenticated() {
        return isAuthenticated;
    }

    @Override
    public Progress start(
            String mechanism,
            byte[] initialResponse,
            ReplyWriter replies,
            ClientConnection connection,
            SaslReply reply) {
        isAuthenticated = false;
        awaitsPlain = mechanism.equals(SaslAuthenticator.PLAIN);
        awaitsScram = mechanism.equals(SaslAuthenticator.SCRAM);
        scram = null;
        if (initialResponse.length == 0 && (awaitsPlain || awaitsScram)) {
            return challenge("", replies, connection, reply);
        }
        return step(initialResponse, replies, connection, reply);
    }

    @Override
    public Progress step(byte[] response, ReplyWriter replies, ClientConnection connection, SaslReply reply) {
        // A step that belongs to no login is a failed one, and revokes what there was, as in memcached.
        isAuthenticated = false;
        boolean isPlain = awaitsPlain;
        boolean isScram = awaitsScram;
        awaitsPlain = false;
        awaitsScram = false;
        if (response.length > MESSAGE_MAX) {
            return fail(connection, reply);
        } else if (isPlain) {
            return plain(response, replies, connection, reply);
        } else if (isScram) {
            return scram(response, replies, connection, reply);
        }
        return fail(connection, reply);
    }

    private Progress plain(byte[] response, ReplyWriter replies, ClientConnection connection, SaslReply reply) {
        PlainMessage message = PlainMessage.parse(response);
        if (message == null) {
            return fail(connection, reply);
        }
        User user = authenticator.users().find(message.name());
        byte[] password = message.password().getBytes(StandardCharsets.UTF_8);
        if (user.isKnownRight(password)) {
            return succeed("Authenticated", replies, connection, reply);
        }
        authenticator.execute(() -> {
            boolean isRight = user.verify(password);
            connection.resume((laterReplies, same) ->
                    isRight ? succeed("Authenticated", laterReplies, same, reply) : fail(same, reply));
        });
        return Progress.SUSPENDED;
    }

    private Progress scram(byte[] response, ReplyWriter replies, ClientConnection connection, SaslReply reply) {
        ScramServer begun = scram;
        if (begun == null) {
            ScramServer fresh = authenticator.newScram();
            String challenge = fresh.challenge(response);
            if (challenge == null) {
                return fail(connection, reply);
            }
            scram = fresh;
            awaitsScram = true;
            return challenge(challenge, replies, connection, reply);
        }
        scram = null;
        String signature = begun.verify(response);
        return signature == null ? fail(connection, reply) : succeed(signature, replies, connection, reply);
    }

    private static Progress challenge(String data, ReplyWriter replies, ClientConnection connection, SaslReply reply) {
        reply.answer(SaslOutcome.challenge(data), replies, connection);
        return Progress.DONE;
    }

    private Progress succeed(String data, ReplyWriter replies, ClientConnection connection, SaslReply reply) {
        connection.loop().counters().increment(WireCounter.AUTH_CMDS);
        isAuthenticated = true;
        reply.answer(SaslOutcome.success(data), replies, connection);
        return Progress.DONE;
    }

    /** Refuses after a while, and closes behind the last refusal. */
    private Progress fail(ClientConnection connection, SaslReply reply) {
        connection.loop().counters().increment(WireCounter.AUTH_CMDS);
        connection.loop().counters().increment(WireCounter.AUTH_ERRORS);
        failureCount++;
        boolean isLast = failureCount >= Access.FAILURES_MAX;
        authenticator.executeAfterFailure(
                failureCount,
                () -> connection.resume((replies, same) -> {
                    reply.answer(SaslOutcome.failure(), replies, same);
                    if (isLast) {
                        same.closeAfterReplies();
                    }
                    return Progress.DONE;
                }));
        return Progress.SUSPENDED;
    }
}
