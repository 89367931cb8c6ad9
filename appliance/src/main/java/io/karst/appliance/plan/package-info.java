/**
 * {@code karst plan}: the command line of {@link io.karst.tuning.plan.Plan}. Read
 * {@link io.karst.appliance.plan.PlanCommand} first.
 */
@NullMarked
package io.karst.appliance.plan;

import org.jspecify.annotations.NullMarked;
