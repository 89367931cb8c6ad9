/**
 * Crowds, attacks, long answers and long hours, and what somebody who has nothing to do with them notices: a bystander's
 * 99th percentile, the server's memory, its log. Read {@link io.karst.appliance.robustness.Bystander} first.
 */
@NullMarked
package io.karst.appliance.robustness;

import org.jspecify.annotations.NullMarked;
