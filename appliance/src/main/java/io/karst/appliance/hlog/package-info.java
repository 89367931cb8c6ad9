/**
 * Latencies as rotating histogram logs ({@code -o hlog=}), written by a thread of their own, so that a disk that is full, slow or
 * gone is nobody's business but the log's. Read {@link io.karst.appliance.hlog.LatencyLogger} first.
 */
@NullMarked
package io.karst.appliance.hlog;

import org.jspecify.annotations.NullMarked;
