package io.karst.appliance.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

/**
 * What {@code jcmd <pid> Thread.print -l} prints; jcmd itself cannot attach to the hardened service. All threads stand still
 * for a millisecond or so.
 */
final class ThreadDump {
    private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

    private ThreadDump() {}

    static Answer answer() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName commands = new ObjectName(COMMANDS);
            // The bean learns its operations when it is asked for them, and not before.
            server.getMBeanInfo(commands);
            Object dump = server.invoke(
                    commands, "threadPrint", new Object[] {new String[] {"-l"}}, new String[] {String[].class.getName()
                    });
            return Answer.text(String.valueOf(dump));
        } catch (ReflectionException e) {
            // A HotSpot without jdk.jfr offers none of its commands.
            return Answer.failure(
                    HttpResponseStatus.NOT_IMPLEMENTED, "This Java dumps no threads (jdk.jfr is missing).");
        } catch (JMException e) {
            throw new IllegalStateException("a thread dump failed", e);
        }
    }
}
