package io.karst.appliance.admin;

import io.karst.protocol.Command;
import io.karst.store.SizeBand;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code lru_crawler metadump} and {@code mgdump}: which items, how many, from where.
 *
 * <pre>
 *   all | hash | 1,2,...    items of every class, or of some; hash is all, in memcached another order
 *   limit=n cursor=n        ours: stop when about n items were listed; begin where an earlier dump stopped
 * </pre>
 *
 * @param only the one class to list, or null for both
 * @param isEmpty whether the classes that were named have no items in Karst
 * @param limit items to list, about: the dump stops at the end of the step that reaches it
 * @param cursor position to begin at
 */
record DumpRequest(@Nullable SizeBand only, boolean isEmpty, long limit, long cursor) {
    private static final int SLAB_CLASS_MAX = 63;
    private static final String LIMIT = "limit=";
    private static final String CURSOR = "cursor=";

    /** Reads the arguments behind {@code metadump}; null when a class is none. The decoder has checked limit and cursor. */
    static @Nullable DumpRequest of(Command command) {
        int classes = classes(command.argument(1));
        if (classes < 0) {
            return null;
        }
        long limit = Long.MAX_VALUE;
        long cursor = 0;
        for (int i = 2; i < command.argumentCount(); i++) {
            String argument = command.argument(i);
            if (argument.startsWith(LIMIT)) {
                limit = Long.parseLong(argument.substring(LIMIT.length()));
            } else {
                cursor = Long.parseLong(argument.substring(CURSOR.length()));
            }
        }
        boolean hasSmall = (classes & 1) != 0;
        boolean hasLarge = (classes & 2) != 0;
        SizeBand only = hasSmall == hasLarge ? null : hasSmall ? SizeBand.SMALL : SizeBand.LARGE;
        return new DumpRequest(only, !hasSmall && !hasLarge, limit, cursor);
    }

    /** Bit 0 for class 1 (small), bit 1 for class 2 (large), 0 for classes that Karst has no items in; -1 if one is none. */
    static int classes(String list) {
        if (list.equals("all") || list.equals("hash")) {
            return 3;
        }
        int classes = 0;
        for (String word : list.split(",")) {
            int slabClass = word.matches("[0-9]{1,9}") ? Integer.parseInt(word) : 0;
            if (slabClass < 1 || slabClass > SLAB_CLASS_MAX) {
                return -1;
            }
            if (slabClass <= SizeBand.values().length) {
                classes |= 1 << (slabClass - 1);
            }
        }
        return list.isEmpty() ? -1 : classes;
    }
}
