package io.github.atomicwaker.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Java that the documents show is code that compiles and is tested: each block is in a source.
 * Where a document refers to a file of the repository, or to a heading in one, there is one. And
 * those documents that a stranger reads first stay short.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What is no part of the repository: what a build leaves, and what git keeps. */
  private static final Set<String> FOREIGN = Set.of("target", ".git");

  /** The most words of a document, as {@code wc -w} counts them. */
  private static final Map<String, Integer> MOST_WORDS =
      Map.of("README.md", 900, "docs/verification.md", 1_500);

  private static final Pattern WORD = Pattern.compile("\\S+");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```java\n(.*?)^ *```");

  /** A block of code, or code in a line. What looks like a link or a heading in there is none. */
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *(```+|~~~+).*?^ *\\1");

  private static final Pattern CODE = Pattern.compile("(`+)(.+?)\\1");

  /** {@code [text](target)}, {@code [name]: target}, or an attribute of HTML. */
  private static final Pattern LINK =
      Pattern.compile(
          "\\]\\(<?([^)>\\s]+)[^)]*\\)|(?m:^ *\\[[^]]+\\]: *<?([^>\\s]+))|(?:href|src)=\"([^\"]*)\"");

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*");
  private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6} +(.*?)[ #]*$");
  private static final Pattern NAMED = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

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

  @TestFactory
  Stream<DynamicTest> eachRelativeLinkLeadsSomewhere() throws IOException {
    return inRepository(ROOT, ".md")
        .flatMap(
            document ->
                links(read(document))
                    .map(
                        link ->
                            dynamicTest(
                                ROOT.relativize(document) + ": " + link,
                                () -> assertLeadsSomewhere(document, link))));
  }

  @TestFactory
  Stream<DynamicTest> whatAStrangerReadsFirstIsShort() {
    return MOST_WORDS.entrySet().stream()
        .map(
            limit ->
                dynamicTest(limit.getKey(), () -> assertShort(limit.getKey(), limit.getValue())));
  }

  private static void assertShort(String document, int mostWords) {
    long words = WORD.matcher(read(ROOT.resolve(document))).results().count();
    assertTrue(words <= mostWords, () -> "%,d words; at most %,d".formatted(words, mostWords));
  }

  private static void assertLeadsSomewhere(Path document, String link) {
    String[] parts = link.split("#", 2);
    String file = URLDecoder.decode(parts[0].replace("+", "%2B"), UTF_8);
    Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
    assertTrue(target.startsWith(ROOT) && !isForeign(target), () -> "outside: " + target);
    assertTrue(Files.exists(target), () -> "no file or folder: " + target);
    if (parts.length == 2) {
      assertTrue(target.toString().endsWith(".md"), () -> "no headings: " + target);
      Set<String> anchors = anchors(read(target));
      assertTrue(anchors.contains(parts[1]), () -> "no heading: " + parts[1] + " among " + anchors);
    }
  }

  /** The relative links of a document. */
  private static Stream<String> links(String document) {
    return LINK.matcher(CODE.matcher(withoutCodeBlocks(document)).replaceAll(""))
        .results()
        .map(
            found ->
                Stream.of(1, 2, 3)
                    .map(found::group)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow())
        .filter(link -> !ABSOLUTE.matcher(link).matches());
  }

  /**
   * What a forge calls the headings of a document: their words in lower case with hyphens in
   * between and no other signs, and a number where there are several of one name.
   */
  private static Set<String> anchors(String document) {
    String text = withoutCodeBlocks(document);
    Map<String, Integer> seen = new HashMap<>();
    Stream<String> headings =
        HEADING
            .matcher(text)
            .results()
            .map(
                found -> {
                  String anchor =
                      CODE.matcher(found.group(1))
                          .replaceAll("$2")
                          .replaceAll("!?\\[([^]]*)\\]\\([^)]*\\)", "$1")
                          .toLowerCase(Locale.ROOT)
                          .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
                          .replace(' ', '-');
                  int before = seen.merge(anchor, 1, Integer::sum) - 1;
                  return before == 0 ? anchor : anchor + "-" + before;
                });
    Stream<String> named = NAMED.matcher(text).results().map(found -> found.group(1));
    return Stream.concat(headings, named).collect(Collectors.toSet());
  }

  private static String withoutCodeBlocks(String document) {
    return CODE_BLOCK.matcher(document).replaceAll("");
  }

  @Test
  void linksAndAnchorsAreFoundAsTheForgeFindsThem() {
    assertEquals(
        List.of("a.md#b", "a.svg", "#c", "d%20e.md", "f", "g.png", "h"),
        links(
                """
                [one](a.md#b) ![two](a.svg) [three](#c "title") [`four()`](<d%20e.md>)
                [no](https://example.org/x) `[no](no.md)` ``[no](`no`.md)``
                ```
                [no](no.md)
                ```
                [ref]: f
                <img src="g.png"> <a href="h">i</a> <a href="mailto:j">k</a>
                """)
            .toList());
    assertEquals(
        Set.of("one", "one-1", "wake--take-a-link", "snake_case-über-1", "its-is-here", "named"),
        anchors(
            """
            # One
            text # no
            ## One ##
            ### `wake` & take: a [link](x.md)
            ```sh
            # no
            ```
            #### snake_case, Über 1!
            ## It's *is* "here"
            <a id="named"></a>
            """));
  }

  private static void assertContained(String block, List<String> sources) {
    String code = withoutIndentation(block);
    assertTrue(
        sources.stream().anyMatch(source -> source.contains(code)),
        () -> "in no source:\n" + block);
  }

  private static Stream<Path> documents() throws IOException {
    return Stream.concat(
        Stream.of(ROOT.resolve("README.md")), inRepository(ROOT.resolve("docs"), ".md"));
  }

  private static Stream<Path> inRepository(Path folder, String extension) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(path -> path.toString().endsWith(extension) && !isForeign(path))
          .toList()
          .stream();
    }
  }

  private static boolean isForeign(Path path) {
    return StreamSupport.stream(ROOT.relativize(path).spliterator(), false)
        .anyMatch(name -> FOREIGN.contains(name.toString()));
  }

  private static Stream<String> blocks(Path document) {
    return BLOCK.matcher(read(document)).results().map((MatchResult found) -> found.group(1));
  }

  private static List<String> sources() throws IOException {
    return Stream.concat(
            inRepository(ROOT.resolve("samples/src"), ".java"),
            inRepository(ROOT.resolve("src/test"), ".java"))
        .map(path -> withoutIndentation(read(path)))
        .toList();
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
