/** Several nodes with real sockets and real clients. */
@NullMarked
package io.karst.appliance.replication;

import org.jspecify.annotations.NullMarked;
