/**
 * Items outside the Java heap, in the segments of Chronicle Maps that are driven directly.
 * The store knows keys, values, versions and expiry; sockets, commands and other nodes are unknown to it.
 */
@NullMarked
package io.karst.store;

import org.jspecify.annotations.NullMarked;
