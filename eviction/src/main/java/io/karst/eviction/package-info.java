/**
 * Eviction policies: who leaves when room must be made, decided from access metadata and ticks, never from a key.
 * A policy allocates nothing and holds no lock of its own; the store calls it under the segment's lock.
 */
@NullMarked
package io.karst.eviction;

import org.jspecify.annotations.NullMarked;
