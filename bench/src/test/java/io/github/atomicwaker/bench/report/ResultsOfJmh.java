package io.github.atomicwaker.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Results as JMH writes them, with one iteration for each fork. */
final class ResultsOfJmh {

  private ResultsOfJmh() {}

  static String result(String method, String mode, int workers, String params, double... forks) {
    String rawData =
        Arrays.stream(forks)
            .mapToObj(score -> "[" + score + "]")
            .collect(Collectors.joining(", ", "[", "]"));
    return """
        {"benchmark": "row.%s", "mode": "%s", "threads": %d, "params": {%s},
         "primaryMetric": {"rawData": %s}, "secondaryMetrics": {}}"""
        .formatted(method, mode, workers, params, rawData);
  }

  /** With something else that was counted, by one fork. */
  static String counting(String result, String metric, double value) {
    return result.replace(
        "\"secondaryMetrics\": {}",
        "\"secondaryMetrics\": {\"%s\": {\"rawData\": [[%s]]}}".formatted(metric, value));
  }

  static String trip(String contestant, int pairs, double... forks) {
    String params =
        """
        "contestant": "%s", "threads": "virtual", "pairs": "%d", "carriers": "all", "cores": "free"
        """
            .formatted(contestant, pairs);
    return result("roundTrip", "avgt", 1, params, forks);
  }

  static String wake(String method, int workers, double operationsInMicrosecond) {
    return result(method, "thrpt", workers, "\"threads\": \"platform\"", operationsInMicrosecond);
  }

  static List<Measured> measured(String... results) {
    return Measured.all(
        JsonMapper.shared()
            .readTree(Stream.of(results).collect(Collectors.joining(", ", "[", "]"))));
  }
}
