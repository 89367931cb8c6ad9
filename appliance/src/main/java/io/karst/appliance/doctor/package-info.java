/**
 * {@code karst doctor}: the command line of what {@link io.karst.tuning.doctor.Doctor} finds. Read
 * {@link io.karst.appliance.doctor.DoctorCommand} first.
 */
@NullMarked
package io.karst.appliance.doctor;

import org.jspecify.annotations.NullMarked;
