package io.github.atomicwaker.samples.metrics;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What one scrape of wakers has. Their meters all have labels, and no label holds a quote. */
record Scrape(List<Series> series) {
  private static final Pattern LINE = Pattern.compile("(?m)^(\\w+)\\{(.*)} (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(.*?)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One line of a scrape. */
  record Series(String name, Map<String, String> labels, double value) {}

  /** Scrapes over HTTP, as Prometheus does. */
  static Scrape of(URI url) throws IOException, InterruptedException {
    return parse(text(url));
  }

  /** Returns what a server answers. */
  static String text(URI url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("%s: %d %s".formatted(url, response.statusCode(), response.body()));
      }
      return response.body();
    }
  }

  static Scrape parse(String text) {
    return new Scrape(
        LINE.matcher(text)
            .results()
            .map(
                line ->
                    new Series(
                        line.group(1),
                        LABEL
                            .matcher(line.group(2))
                            .results()
                            .collect(toMap(label -> label.group(1), label -> label.group(2))),
                        Double.parseDouble(line.group(3))))
            .toList());
  }

  /**
   * Adds up a meter's values for a waker.
   *
   * @throws IOException if there is none: what is missing is not 0
   */
  double sum(String meter, String waker) throws IOException {
    return sum(meter, Map.of("waker", waker));
  }

  /** Returns a meter's value for a waker and one more label. */
  double sum(String meter, String waker, String label, String value) throws IOException {
    return sum(meter, Map.of("waker", waker, label, value));
  }

  private double sum(String meter, Map<String, String> labels) throws IOException {
    return series.stream()
        .filter(one -> one.name().equals(meter))
        .filter(one -> one.labels().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(Series::value)
        .reduce(Double::sum)
        .orElseThrow(
            () -> new IOException("the scrape has no %s with %s".formatted(meter, labels)));
  }
}
