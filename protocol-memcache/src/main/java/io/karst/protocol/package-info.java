/**
 * The memcached wire: text, meta and binary commands parsed in place from the read buffer, and replies written back.
 * The protocol does not know where items live; it hands one reusable command to an executor.
 */
@NullMarked
package io.karst.protocol;

import org.jspecify.annotations.NullMarked;
