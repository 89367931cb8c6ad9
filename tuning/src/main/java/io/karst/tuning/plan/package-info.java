/**
 * {@code karst plan}: how many servers a load needs, in arithmetic that shows its figures. Read
 * {@link io.karst.tuning.plan.Plan} first.
 */
@NullMarked
package io.karst.tuning.plan;

import org.jspecify.annotations.NullMarked;
