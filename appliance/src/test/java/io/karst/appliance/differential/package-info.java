/**
 * Karst beside the distribution's memcached, given the same random commands: what they answer differently must be on an
 * allow-list with its reason.
 */
@org.jspecify.annotations.NullMarked
package io.karst.appliance.differential;
