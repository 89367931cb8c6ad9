package io.karst.appliance.config;

/**
 * One setting as it is in force.
 *
 * @param option its row
 * @param text its value, as it would be written
 * @param source where the value came from
 */
public record Resolved(Option option, String text, Source source) {}
