/**
 * Who may log in: the users file and its hashed secrets, SASL PLAIN and SCRAM-SHA-256, and memcached's file for text
 * logins. Knows the protocol's interfaces, not its bytes. Read {@link io.karst.appliance.auth.SaslAuthenticator} first.
 */
@NullMarked
package io.karst.appliance.auth;

import org.jspecify.annotations.NullMarked;
