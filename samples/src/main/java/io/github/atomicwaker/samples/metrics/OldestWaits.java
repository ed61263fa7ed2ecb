package io.github.atomicwaker.samples.metrics;

import io.github.atomicwaker.ParkedWait;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The oldest waits of some groups, as JSON. A metric cannot name a thread: this does. */
record OldestWaits(List<WakerGroup> groups, int most) {

  private record OfGroup(WakerGroup group, ParkedWait parked) {
    /**
     * An object: the times are seconds, the thread has its number if it has no name, and {@code
     * woken} is how long ago a wake took a thread that has not run since, or null.
     */
    String json() {
      Thread thread = parked.thread();
      String name = thread.getName();
      return "{\"group\":%s,\"thread\":%s,\"waker\":%s,\"since\":%s,\"age\":%s,\"woken\":%s}"
          .formatted(
              quoted(group.name()),
              quoted(name.isEmpty() ? "#" + thread.threadId() : name),
              quoted(parked.waker()),
              quoted(parked.since().toString()),
              seconds(parked.age()),
              woken(parked.wokenAt()));
    }

    private String woken(@Nullable Instant at) {
      if (at == null) {
        return "null";
      }
      // Negative if the wake came while the waits were being read.
      Duration ago = Duration.between(at, parked.since().plus(parked.age()));
      return seconds(ago.isNegative() ? Duration.ZERO : ago);
    }
  }

  /** Returns an array of the waits of this moment, the oldest first. */
  String json() {
    return groups.stream()
        .flatMap(group -> group.waits().stream().map(parked -> new OfGroup(group, parked)))
        .sorted(Comparator.comparing((OfGroup one) -> one.parked.age()).reversed())
        .limit(most)
        .map(OfGroup::json)
        .collect(Collectors.joining(",\n", "[", "]\n"));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.6f", time.toNanos() / 1e9);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
