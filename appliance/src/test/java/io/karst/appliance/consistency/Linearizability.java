package io.karst.appliance.consistency;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for an order of a history's events that explains all answers and contradicts no clock: depth-first, remembering what was
 * tried. Source: Wing and Gong 1993, with Lowe's memory of configurations (2017). At most 64 events.
 */
final class Linearizability {
    private record Configuration(long done, int value) {}

    private final List<Event> events;
    private final Set<Configuration> tried = new HashSet<>();

    private Linearizability(List<Event> events) {
        if (events.size() > Long.SIZE) {
            throw new IllegalArgumentException(events.size() + " events");
        }
        this.events = events;
    }

    /** Whether there is such an order, the key being absent at first. */
    static boolean holds(List<Event> events) {
        return new Linearizability(events).search(0, Event.ABSENT);
    }

    private boolean search(long done, int value) {
        if (Long.bitCount(done) == events.size()) {
            return true;
        }
        if (!tried.add(new Configuration(done, value))) {
            return false;
        }
        long firstReturn = Long.MAX_VALUE;
        for (int i = 0; i < events.size(); i++) {
            if ((done >>> i & 1) == 0) {
                firstReturn = Math.min(firstReturn, events.get(i).returned());
            }
        }
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            boolean mayBeNext = (done >>> i & 1) == 0 && event.invoked() <= firstReturn;
            if (mayBeNext && event.isPossible(value) && search(done | 1L << i, event.after(value))) {
                return true;
            }
        }
        return false;
    }
}
