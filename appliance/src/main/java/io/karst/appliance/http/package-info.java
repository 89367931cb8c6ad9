/**
 * The admin port: metrics, health, statistics as JSON, diagnosis of the JVM and a console, over HTTP and off the event
 * loops that serve clients. Read {@link io.karst.appliance.http.AdminServer} first, then {@link io.karst.appliance.http.Routes}.
 */
@NullMarked
package io.karst.appliance.http;

import org.jspecify.annotations.NullMarked;
