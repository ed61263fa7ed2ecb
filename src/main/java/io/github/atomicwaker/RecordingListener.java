package io.github.atomicwaker;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Listens to JFR, which keeps its listeners for ever, and with them the class loader of their
 * class. So that an application that has ended can be unloaded, this listener has no class of the
 * library: it is a proxy of the JDK's own classes, and refers weakly to what it runs. (Before JDK
 * 24, JFR keeps the caller as well.)
 */
final class RecordingListener {

  private RecordingListener() {}

  /** Lets JFR run this when it is initialized, and when a recording begins or ends. */
  static void add(Runnable changed) throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    MethodHandle get =
        lookup
            .findVirtual(WeakReference.class, "get", methodType(Object.class))
            .bindTo(new WeakReference<>(changed))
            .asType(methodType(Runnable.class));
    MethodHandle isThere =
        lookup
            .findStatic(Objects.class, "nonNull", methodType(boolean.class, Object.class))
            .asType(methodType(boolean.class, Runnable.class));
    MethodHandle run = lookup.findVirtual(Runnable.class, "run", methodType(void.class));
    MethodHandle runIfThere =
        MethodHandles.foldArguments(
            MethodHandles.guardWithTest(isThere, run, MethodHandles.empty(run.type())), get);
    InvocationHandler handler =
        MethodHandleProxies.asInterfaceInstance(
            InvocationHandler.class,
            MethodHandles.dropArguments(
                runIfThere.asType(methodType(Object.class)),
                0,
                Object.class,
                Method.class,
                Object[].class));
    FlightRecorder.addListener(
        (FlightRecorderListener)
            Proxy.newProxyInstance(
                FlightRecorderListener.class.getClassLoader(),
                new Class<?>[] {FlightRecorderListener.class},
                handler));
  }
}
