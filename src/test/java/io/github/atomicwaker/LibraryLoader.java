package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Loads the library and its tests anew. It is asked for all other classes as well. */
class LibraryLoader extends ClassLoader {
  static {
    registerAsParallelCapable(); // each class of its own, or it holds a lock while it is late
  }

  static final String LIBRARY = "io.github.atomicwaker.";
  private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();

  LibraryLoader() {
    super(LibraryLoader.class.getClassLoader());
  }

  /** Called before a class is loaded, by the thread that needs it. */
  void asked(String name) throws ClassNotFoundException {}

  @Override
  protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    asked(name);
    if (!name.startsWith(LIBRARY)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] file = FILES.computeIfAbsent(name, this::read);
        loaded = defineClass(name, file, 0, file.length);
      }
      return loaded;
    }
  }

  private byte[] read(String name) {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      return requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /**
   * Makes an object of this loader's class of that name, by its only constructor. What the library
   * does not initialize then is loaded afterwards.
   */
  final Object newInstance(Class<?> named, Object... arguments)
      throws ReflectiveOperationException {
    Constructor<?> constructor = loadClass(named.getName()).getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    return constructor.newInstance(arguments);
  }
}
