/**
 * The command line, the configuration file and what they resolve to: one table gives parser, help, documents and reports.
 * A new setting is one new row in {@link io.karst.appliance.config.Option} and one line in the resolver that reads it.
 * Read {@link io.karst.appliance.config.Option} first, then {@link io.karst.appliance.config.Settings}.
 */
@NullMarked
package io.karst.appliance.config;

import org.jspecify.annotations.NullMarked;
