package io.github.atomicwaker;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API is what {@code api.txt} says it is: the module's directives, and what is public or
 * protected in the packages that it exports, with its nullness.
 */
class ApiTest {

  @Test
  void isTheRecordedOne() throws Exception {
    Path recorded = Path.of("api.txt");
    Path found = Files.writeString(Path.of("target", "api.txt"), api());
    assertEquals(
        Files.readString(recorded),
        Files.readString(found),
        "The public API has changed. If that is on purpose, cp src/target/api.txt src/api.txt");
  }

  private static String api() throws Exception {
    Path classes =
        Path.of(AtomicWaker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor module = descriptor(classes);
    List<String> packages = module.exports().stream().map(Exports::toString).sorted().toList();
    List<String> lines = new ArrayList<>();
    lines.add("module " + module.name());
    for (Requires requires : new TreeSet<>(module.requires())) {
      lines.add("  requires " + new TreeSet<>(requires.modifiers()) + " " + requires.name());
    }
    packages.forEach(exported -> lines.add("  exports " + exported));
    for (String exported : packages) {
      for (Class<?> type : types(classes, exported)) {
        lines.add("");
        lines.add(declaration(type));
        members(type).sorted().map(member -> "  " + member).forEach(lines::add);
      }
    }
    return String.join("\n", lines)
            .replaceAll("@org\\.jspecify\\.annotations\\.(\\w+)\\(\\)", "@$1")
        + "\n";
  }

  private static ModuleDescriptor descriptor(Path classes) throws IOException {
    try (InputStream file = Files.newInputStream(classes.resolve("module-info.class"))) {
      return ModuleDescriptor.read(file);
    }
  }

  private static List<Class<?>> types(Path classes, String exported) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes.resolve(exported.replace('.', '/')))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class")) {
          Class<?> type = Class.forName(exported + "." + name.replace(".class", ""));
          if (isVisible(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return isVisible(type.getModifiers()) && (outer == null || isVisible(outer));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String declaration(Class<?> type) {
    return type.toGenericString()
        + (type.isInterface() ? "" : " extends " + visibleSuperclass(type))
        + listed(" implements ", type.getAnnotatedInterfaces(), "")
        + bounds(type);
  }

  /** As Javadoc shows it: without the superclasses that are not public. */
  private static AnnotatedType visibleSuperclass(Class<?> type) {
    Class<?> below = type;
    while (!isVisible(below.getSuperclass())) {
      below = below.getSuperclass();
    }
    return below.getAnnotatedSuperclass();
  }

  private static Stream<String> members(Class<?> type) {
    Stream<String> fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(field -> isVisible(field.getModifiers()))
            .map(field -> modifiers(field) + field.getAnnotatedType() + " " + field.getName());
    Stream<String> executables =
        Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods())
            .flatMap(Arrays::stream)
            .filter(executable -> isVisible(executable.getModifiers()) && !executable.isSynthetic())
            .map(ApiTest::executable);
    return Stream.concat(fields, executables);
  }

  private static String executable(Executable executable) {
    boolean isMethod = executable instanceof Method;
    return modifiers(executable)
        + listed("<", executable.getTypeParameters(), "> ")
        + (isMethod ? executable.getAnnotatedReturnType() + " " + executable.getName() : "new")
        + "("
        + listed("", executable.getAnnotatedParameterTypes(), "")
        + (executable.isVarArgs() ? " ...)" : ")")
        + listed(" throws ", executable.getAnnotatedExceptionTypes(), "")
        + bounds(executable);
  }

  private static String bounds(GenericDeclaration generic) {
    return Arrays.stream(generic.getTypeParameters())
        .map(parameter -> parameter + listed(" extends ", parameter.getAnnotatedBounds(), ""))
        .filter(bound -> !bound.endsWith(" extends java.lang.Object"))
        .map(bound -> " where " + bound)
        .collect(joining());
  }

  private static String modifiers(Member member) {
    int modifiers = member.getModifiers();
    int printed = member instanceof Field ? modifiers : modifiers & Modifier.methodModifiers();
    return Modifier.toString(printed) + " ";
  }

  private static String listed(String before, Object[] parts, String after) {
    return parts.length == 0
        ? ""
        : Arrays.stream(parts).map(Object::toString).collect(joining(", ", before, after));
  }
}
