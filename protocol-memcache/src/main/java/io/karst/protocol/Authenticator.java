package io.karst.protocol;

/** The logins a server asks for in the binary protocol ({@code -S}). Thread-safe: one serves all loops. */
public interface Authenticator {

    /** What {@code SASL list mechs} answers: the names offered, separated by single spaces. */
    String mechanisms();

    /** The state of one connection's logins, made when the connection speaks binary. Cold path. */
    SaslExchange newExchange();
}
