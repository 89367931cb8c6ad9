/**
 * The server: the only module that knows the others, joined here by a few adapters.
 * It reads options, opens the store, binds the sockets and closes them in reverse order.
 */
@NullMarked
package io.karst.appliance;

import org.jspecify.annotations.NullMarked;
