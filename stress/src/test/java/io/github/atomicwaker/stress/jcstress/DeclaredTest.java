package io.github.atomicwaker.stress.jcstress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.infra.runners.TestList;

/** jcstress lists its tests at compile time, and would lose one without a word. */
class DeclaredTest {

  @Test
  void everyAnnotatedClassIsInJcstressesList() throws Exception {
    Path classes =
        Path.of(JcstressRunner.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    TreeSet<String> annotated = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = classes.relativize(file).toString();
        if (name.endsWith(".class")) {
          String binary = name.replaceAll("\\.class$", "").replace('/', '.').replace('\\', '.');
          Class<?> type = Class.forName(binary, false, JcstressRunner.class.getClassLoader());
          if (type.isAnnotationPresent(JCStressTest.class)) {
            annotated.add(type.getCanonicalName());
          }
        }
      }
    }
    assertEquals(annotated, new TreeSet<>(TestList.tests()));
  }
}
