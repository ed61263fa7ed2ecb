package io.github.atomicwaker.bench.report;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as the page has them. */
final class Numbers {

  private Numbers() {}

  /** Three digits. */
  static String digits(double value) {
    return digits(value, 0);
  }

  /** Three digits, and more behind the point. */
  static String digits(double value, int more) {
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + (digits + more) + "f", value);
  }

  /** As many digits as it takes. */
  static String exact(double value) {
    return new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
  }

  /**
   * How two times compare, in words.
   *
   * @param ratio ours to theirs
   */
  static String speed(double ratio) {
    return speed(ratio, 0);
  }

  static String speed(double ratio, int more) {
    return ratio <= 1 ? digits(1 / ratio, more) + "× faster" : digits(ratio, more) + "× slower";
  }
}
