package io.karst.store;

/** The two steps of gat in one. */
final class Touching {
    private Touching() {}

    /** Finds, touches and holds an item; false, with no lock held, when it is not there or cannot grow. */
    static boolean acquireAndTouch(StoreSession session, long key, int keyLength, int expiresAt) {
        if (!session.acquireForTouch(key, keyLength)) {
            return false;
        }
        if (session.lockedTouch(expiresAt)) {
            return true;
        }
        session.release();
        return false;
    }
}
