/**
 * TLS: certificates and keys from files, read again while the server runs, and what stands in a connection's pipeline.
 * Read {@link io.karst.appliance.tls.Certificates} first.
 */
@NullMarked
package io.karst.appliance.tls;

import org.jspecify.annotations.NullMarked;
