/**
 * Clients that people use, unmodified, against our server. Read
 * SpymemcachedTest first.
 */
@NullMarked
package io.karst.appliance.client;

import org.jspecify.annotations.NullMarked;
