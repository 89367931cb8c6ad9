/**
 * {@code stats hotkeys}: the keys that clients use most, found by sampling in bounded memory, a table per event loop, merged when
 * somebody asks. Read {@link io.karst.appliance.hotkeys.HotKeys} first.
 */
@NullMarked
package io.karst.appliance.hotkeys;

import org.jspecify.annotations.NullMarked;
