/**
 * The node's side of replication: the store as {@link io.karst.replication.ReplicationNode} wants it, the loops' outboxes, who
 * the peers are, and what is told of them. Read {@link io.karst.appliance.replication.Replication} first.
 */
@NullMarked
package io.karst.appliance.replication;

import org.jspecify.annotations.NullMarked;
