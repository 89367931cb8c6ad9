package io.karst.protocol;

/** The users of text logins ({@code -Y}). Thread-safe; answers at once, so that a loop may ask. */
@FunctionalInterface
public interface PasswordCheck {

    /** Whether this user has this password; takes the same time whichever of the two is wrong. Cold path. */
    boolean isRight(byte[] user, byte[] password);
}
