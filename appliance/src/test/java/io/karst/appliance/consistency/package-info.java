/** Whether concurrent clients of one key see what some one-after-another order of their commands would have shown them. */
@org.jspecify.annotations.NullMarked
package io.karst.appliance.consistency;
