/**
 * Where memcached clients place keys, and look next when a node is down, computed exactly as each client family does, so
 * that replicas go where a client looks. It uses nothing but the JDK and ships to clients alone; read
 * {@link io.karst.ring.Placement} first.
 */
@NullMarked
package io.karst.ring;

import org.jspecify.annotations.NullMarked;
