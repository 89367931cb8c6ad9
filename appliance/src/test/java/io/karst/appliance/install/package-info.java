/**
 * The Debian package, checked by Debian's own tools and installed on a Debian with systemd as process 1. Read
 * {@link io.karst.appliance.install.InstallIT} first.
 */
@NullMarked
package io.karst.appliance.install;

import org.jspecify.annotations.NullMarked;
