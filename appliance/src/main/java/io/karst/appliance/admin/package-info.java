/**
 * Commands about the server itself: statistics, verbosity, limits, shutdown.
 * Read {@link io.karst.appliance.admin.AdminExecutor} first.
 */
@NullMarked
package io.karst.appliance.admin;

import org.jspecify.annotations.NullMarked;
