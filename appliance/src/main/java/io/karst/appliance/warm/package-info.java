/**
 * {@code karst warm}: copies the items of a running memcached, so that a switch to Karst does not begin with an empty cache.
 * Read {@link io.karst.appliance.warm.WarmCommand} first.
 */
@NullMarked
package io.karst.appliance.warm;

import org.jspecify.annotations.NullMarked;
