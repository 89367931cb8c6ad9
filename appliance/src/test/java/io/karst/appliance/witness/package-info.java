/**
 * Our server beside real memcached: the same bytes sent to both, answers and reports compared. Read {@link
 * io.karst.appliance.witness.SocketTranscriptTest} first.
 */
@NullMarked
package io.karst.appliance.witness;

import org.jspecify.annotations.NullMarked;
