package io.github.atomicwaker.samples.common;

import java.util.Locale;

/** What is off unless the user sets {@code -Dname}, which Maven makes {@code -Dname=true}. */
public record Flag(String name, String about) implements Setting {

  @Override
  public String usual() {
    return "off";
  }

  public boolean value() throws Failure {
    String text = System.getProperty(name, "").strip();
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false", "" -> false; // the root pom passes on what is not set as an empty value
      default ->
          throw new Failure(
              Failure.USAGE, "-D%s=%s: it takes true or false (%s)".formatted(name, text, about));
    };
  }
}
