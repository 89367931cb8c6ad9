package io.karst.appliance;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, which would end a Java process, means: read the files again. By reflection, because the compiler warns of
 * sun.misc.Signal and has no way to be told that we know; it is in jdk.unsupported, which Agrona needs anyway.
 */
final class HangUp {
    private static final System.Logger LOGGER = System.getLogger(HangUp.class.getName());

    private HangUp() {}

    /** Runs the task at each SIGHUP from now on, on a thread of the JVM. */
    static void handle(Runnable task) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
                task.run();
                return null;
            }
            return method.invoke(task, arguments);
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] {signalHandler}, handler);
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
        } catch (ReflectiveOperationException e) {
            LOGGER.log(Level.WARNING, "SIGHUP will end the process: {0}", String.valueOf(e.getCause()));
        }
    }
}
