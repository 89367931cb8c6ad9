/**
 * {@code karst doctor}: what a machine should be like for a server, compared with what it is. Reads files and changes none;
 * read {@link io.karst.tuning.doctor.Doctor} first, then the rows of MemoryChecks.
 */
@NullMarked
package io.karst.tuning.doctor;

import org.jspecify.annotations.NullMarked;
