package io.github.atomicwaker.samples.common;

import java.util.List;

/**
 * A sample, as its package shows it to the launcher.
 *
 * @param name what {@code -Dsample} selects it by
 * @param about what the help says about it
 */
public record Sample(String name, String about, List<Setting> settings, Body body) {

  /** Runs a sample. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs it to its end.
     *
     * @throws Failure if a check failed, or an option is wrong
     */
    void run(Console console) throws Exception;
  }
}
