/**
 * The server as a process: its command line, its signals, its files. Read {@link io.karst.appliance.process.ProcessIT}
 * first.
 */
@NullMarked
package io.karst.appliance.process;

import org.jspecify.annotations.NullMarked;
