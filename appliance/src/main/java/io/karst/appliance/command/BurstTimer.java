package io.karst.appliance.command;

import io.karst.protocol.BinaryOpcode;
import io.karst.protocol.Opcode;
import io.karst.tuning.LatencyRecorder;
import io.karst.tuning.LatencySnapshot;
import io.karst.tuning.OperationClass;
import java.util.Arrays;

/**
 * Times the bursts of one loop: from the first look at what a client sent until the kernel has the answers. Every command of a
 * burst waits for the last one's answer, so all have the burst's time. Loop thread only; no allocation.
 */
/*
 * A reading of the clock costs 25 ns, more than a request may cost for being measured. Its beginning is the reading that every
 * burst makes anyway; its end would be a second one. So one burst in seventeen is timed (a prime, so as not to fall in step with
 * clients that take turns), and the counts in reports are of timed commands. All of it costs 3.9 ns a request when each is a
 * burst of its own (BurstTimerBenchmark, JDK 17).
 */
public final class BurstTimer {
    private static final int ONE_IN = 17;

    private static final OperationClass[] OF_OPCODE = new OperationClass[Opcode.values().length];
    private static final OperationClass[] OF_ACTION = new OperationClass[BinaryOpcode.Action.values().length];

    static {
        for (Opcode opcode : Opcode.values()) {
            OF_OPCODE[opcode.ordinal()] = classOf(opcode);
        }
        for (BinaryOpcode.Action action : BinaryOpcode.Action.values()) {
            OF_ACTION[action.ordinal()] = classOf(action);
        }
    }

    private final LatencyRecorder recorder = new LatencyRecorder();
    private final OperationClass[] classes = OperationClass.values();
    private final long[] served = new long[classes.length];
    private int untilNext = 1;
    private boolean isTiming;
    private long beganNs;

    private static OperationClass classOf(Opcode opcode) {
        return switch (opcode) {
            case GET, GETS, META_GET -> OperationClass.GET;
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS, META_SET -> OperationClass.SET;
            case DELETE, META_DELETE -> OperationClass.DELETE;
            case INCR, DECR, META_ARITHMETIC -> OperationClass.ARITHMETIC;
            case TOUCH, GAT, GATS -> OperationClass.TOUCH;
            default -> OperationClass.OTHER;
        };
    }

    private static OperationClass classOf(BinaryOpcode.Action action) {
        return switch (action) {
            case GET, GET_WITH_KEY -> OperationClass.GET;
            case SET, ADD, REPLACE, APPEND, PREPEND -> OperationClass.SET;
            case DELETE -> OperationClass.DELETE;
            case INCREMENT, DECREMENT -> OperationClass.ARITHMETIC;
            case TOUCH, GET_AND_TOUCH, GET_AND_TOUCH_WITH_KEY -> OperationClass.TOUCH;
            default -> OperationClass.OTHER;
        };
    }

    /** A burst begins. One that was timed and has not ended, because it failed or io_uring mixed two, is forgotten. */
    public void begin(long nowNs) {
        if (isTiming) {
            isTiming = false;
            Arrays.fill(served, 0);
        }
        if (--untilNext == 0) {
            untilNext = ONE_IN;
            isTiming = true;
            beganNs = nowNs;
        }
    }

    /** One command of the burst is executed. */
    public void served(Opcode opcode) {
        if (isTiming) {
            served[OF_OPCODE[opcode.ordinal()].ordinal()]++;
        }
    }

    /** One binary request of the burst is executed. */
    public void served(BinaryOpcode.Action action) {
        if (isTiming) {
            served[OF_ACTION[action.ordinal()].ordinal()]++;
        }
    }

    /** The burst's answers are on their way. */
    public void end() {
        if (isTiming) {
            isTiming = false;
            record(System.nanoTime() - beganNs);
        }
    }

    private void record(long elapsedNs) {
        for (int i = 0; i < served.length; i++) {
            if (served[i] > 0) {
                recorder.record(classes[i], elapsedNs, served[i]);
                served[i] = 0;
            }
        }
    }

    /** {@link LatencyRecorder#exchange}. */
    public LatencySnapshot exchange(LatencySnapshot next) {
        return recorder.exchange(next);
    }
}
