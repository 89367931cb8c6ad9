package io.karst.appliance.http;

import io.karst.appliance.admin.LoopQuestion;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/**
 * {@code /livez}: every event loop runs tasks, else the process had better be started anew. {@code /readyz}: clients may be
 * sent here.
 */
final class Health {
    /** A loop that runs nothing for so long has clients that wait, too. */
    static final long PATIENCE_MILLIS = 1_000;

    private static final String OK = "ok\n";

    private final NodeView node;
    private final LoopQuestion loops;

    Health(NodeView node, LoopQuestion loops) {
        this.node = node;
        this.loops = loops;
    }

    Answer live() throws InterruptedException {
        List<Integer> silent = loops.ask(loop -> {});
        return silent.isEmpty()
                ? Answer.text(OK)
                : Answer.failure(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "event loops " + silent + " ran no task for " + PATIENCE_MILLIS + " ms");
    }

    Answer ready() {
        for (NodeView.Readiness condition : node.readiness()) {
            String obstacle = condition.obstacle();
            if (obstacle != null) {
                return Answer.failure(HttpResponseStatus.SERVICE_UNAVAILABLE, obstacle);
            }
        }
        return Answer.text(OK);
    }
}
