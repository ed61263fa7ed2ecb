package io.github.atomicwaker.samples.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one scrape found, read from Prometheus' text form. */
record Scrape(List<Series> series) {

  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\",?");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One line of a scrape. */
  record Series(String name, Map<String, String> labels, double value) {}

  /** Scrapes over HTTP, as Prometheus does. */
  static Scrape of(URI url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("%s: %d %s".formatted(url, response.statusCode(), response.body()));
      }
      return parse(response.body());
    }
  }

  static Scrape parse(String text) throws IOException {
    try {
      return new Scrape(
          text.lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(Scrape::series)
              .toList());
    } catch (IllegalArgumentException nonsense) {
      throw new IOException("not in Prometheus' text form: " + nonsense.getMessage(), nonsense);
    }
  }

  private static Series series(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(line);
    }
    Map<String, String> labels = new HashMap<>();
    if (parts.group(2) != null) {
      Matcher label = LABEL.matcher(parts.group(2));
      while (label.lookingAt()) {
        labels.put(label.group(1), unescaped(label.group(2)));
        label.region(label.end(), label.regionEnd());
      }
      if (label.regionStart() < label.regionEnd()) {
        throw new IllegalArgumentException(line);
      }
    }
    double value = Double.parseDouble(parts.group(3).replace("Inf", "Infinity"));
    return new Series(parts.group(1), Map.copyOf(labels), value);
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
  }

  /**
   * Adds up the values of the series of a name that have all these labels.
   *
   * @throws IOException if there is none: what is missing is not 0
   */
  double sum(String name, Map<String, String> labels) throws IOException {
    List<Series> found =
        series.stream()
            .filter(one -> one.name().equals(name))
            .filter(one -> one.labels().entrySet().containsAll(labels.entrySet()))
            .toList();
    if (found.isEmpty()) {
      throw new IOException("the scrape has no %s with %s".formatted(name, labels));
    }
    return found.stream().mapToDouble(Series::value).sum();
  }
}
