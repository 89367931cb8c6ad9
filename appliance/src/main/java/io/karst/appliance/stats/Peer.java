package io.karst.appliance.stats;

/**
 * Another node that items are copied to and from, as monitoring shows it.
 *
 * @param name where it is: {@code 10.0.0.7:11212}
 * @param state one word: {@code up}, {@code suspected}, {@code down}
 * @param lagSeconds age of the oldest write of ours that it has not acknowledged; 0 when it has all
 */
public record Peer(String name, String state, double lagSeconds) {}
