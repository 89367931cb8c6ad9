/**
 * What a service manager and a server say to each other: readiness, watchdog, sockets that were opened beforehand. Where
 * there is no systemd, everything here does nothing. Read {@link io.karst.appliance.systemd.ServiceManager} first.
 */
@NullMarked
package io.karst.appliance.systemd;

import org.jspecify.annotations.NullMarked;
