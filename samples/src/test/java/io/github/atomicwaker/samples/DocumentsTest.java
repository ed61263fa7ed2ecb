package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Java that the documents show is code that compiles and is tested: each block is in a source. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```");

  @TestFactory
  Stream<DynamicTest> eachBlockOfJavaIsInASource() throws IOException {
    List<String> sources = sources();
    return documents()
        .flatMap(
            document ->
                blocks(document)
                    .map(
                        block ->
                            dynamicTest(
                                ROOT.relativize(document)
                                    + ": "
                                    + block.lines().findFirst().orElse(""),
                                () -> assertContained(block, sources))));
  }

  private static void assertContained(String block, List<String> sources) {
    String code = withoutIndentation(block);
    assertTrue(
        sources.stream().anyMatch(source -> source.contains(code)),
        () -> "in no source:\n" + block);
  }

  private static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.toList().stream())
          .filter(path -> path.toString().endsWith(".md"));
    }
  }

  private static Stream<String> blocks(Path document) {
    return BLOCK.matcher(read(document)).results().map((MatchResult found) -> found.group(1));
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(path -> path.toString().endsWith(".java"))
          .map(path -> withoutIndentation(read(path)))
          .toList();
    }
  }

  private static String withoutIndentation(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
