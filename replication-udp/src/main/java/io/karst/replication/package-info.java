/**
 * Copies of every write on the nodes where clients look next, without sockets and without a store: frames, what a node
 * does with them, and how copies find together again after loss. Everything runs in one thread per node, and time comes
 * in as an argument; read {@link io.karst.replication.ReplicationNode} first.
 */
@NullMarked
package io.karst.replication;

import org.jspecify.annotations.NullMarked;
