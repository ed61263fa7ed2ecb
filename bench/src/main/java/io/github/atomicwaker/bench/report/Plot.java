package io.github.atomicwaker.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.util.List;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.XIntervalSeries;
import org.jfree.data.xy.XIntervalSeriesCollection;

/**
 * A chart of dots with error bars, one line for each contestant: dots, since bars on a logarithmic
 * axis begin nowhere.
 */
final class Plot {

  private static final Color[] COLORS = {
    new Color(0x1b6ca8),
    new Color(0xd1495b),
    new Color(0x2e8b57),
    new Color(0xe09f3e),
    new Color(0x6c4ab6),
    new Color(0x555555)
  };
  private static final int WIDTH = 860;

  private Plot() {}

  /** Writes the chart: a dot for each contestant and column. */
  static void write(
      Path file,
      String title,
      String unit,
      List<String> contestants,
      List<String> columns,
      List<Measured> results)
      throws IOException {
    XIntervalSeriesCollection dots = new XIntervalSeriesCollection();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      XIntervalSeries series = new XIntervalSeries(column);
      // The columns of a contestant side by side, so that no bar hides another.
      double shift = (i - (columns.size() - 1) / 2.0) * 0.6 / columns.size();
      for (Measured result : results) {
        if (result.column().equals(column)) {
          Measured.Forks score = result.score();
          double line = contestants.indexOf(result.contestant()) + shift;
          series.add(score.median(), score.least(), score.most(), line);
        }
      }
      dots.addSeries(series);
    }

    boolean positive = results.stream().allMatch(result -> result.score().least() > 0.1);
    SymbolAxis names = new SymbolAxis("", contestants.toArray(String[]::new));
    names.setInverted(true);
    names.setGridBandsVisible(false);
    names.setRange(-0.6, contestants.size() - 0.4);
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawYError(false);
    renderer.setCapLength(5);
    renderer.setErrorStroke(new BasicStroke(1.4f));
    XYPlot plot =
        new XYPlot(dots, positive ? logAxis(unit) : new NumberAxis(unit), names, renderer);
    JFreeChart chart = new JFreeChart(title, null, plot, columns.size() > 1);
    theme().apply(chart);
    for (int i = 0; i < columns.size(); i++) {
      renderer.setSeriesPaint(i, COLORS[i % COLORS.length]);
      renderer.setSeriesShape(
          i,
          (i + i / COLORS.length) % 2 == 0 // no two columns have both in common
              ? new Ellipse2D.Double(-4, -4, 8, 8)
              : new Rectangle2D.Double(-3.5, -3.5, 7, 7));
    }
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(new Color(0xeeeeee));

    int height = 130 + contestants.size() * Math.max(24, 10 * columns.size());
    SVGGraphics2D svg =
        new SVGGraphics2D(
            GenericDOMImplementation.getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null));
    svg.setSVGCanvasSize(new Dimension(WIDTH, height));
    chart.draw(svg, new Rectangle2D.Double(0, 0, WIDTH, height));
    try (Writer out = Files.newBufferedWriter(file)) {
      svg.stream(out, true);
    }
  }

  private static ValueAxis logAxis(String unit) {
    LogarithmicAxis axis = new LogarithmicAxis(unit);
    axis.setLog10TickLabelsFlag(false);
    axis.setNumberFormatOverride(new DecimalFormat("#,##0.##"));
    return axis;
  }

  private static StandardChartTheme theme() {
    StandardChartTheme theme = new StandardChartTheme("plain");
    theme.setExtraLargeFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    theme.setLargeFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    theme.setRegularFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    return theme;
  }
}
