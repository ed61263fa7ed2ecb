package io.github.atomicwaker.samples.netty;

import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Load;
import io.github.atomicwaker.samples.common.Request;
import io.github.atomicwaker.samples.common.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The clients of the {@link NettyBridge}, one for each connection, and what they check. */
final class NettyClients implements AutoCloseable {
  private final int port;
  private final Duration patience;
  private final Console console;
  private final List<LineClient> clients = new ArrayList<>();

  /**
   * Prepares the clients.
   *
   * @param patience how long a reply may take
   */
  NettyClients(int port, Duration patience, Console console) {
    this.port = port;
    this.patience = patience;
    this.console = console;
  }

  /**
   * Runs the clients in a process of their own, as the limit of open files is one per process. They
   * end with this process at the latest, as they lose their connections then.
   *
   * @throws Failure if they fail; they have printed why
   */
  static void runInOwnProcess(int port, int idle, int busy, int seconds, Console console)
      throws Failure, IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                NettyClients.class.getName(),
                String.valueOf(port),
                String.valueOf(idle),
                String.valueOf(busy),
                String.valueOf(seconds),
                String.valueOf(console.inTerminal()))
            .redirectErrorStream(true)
            .start();
    try (Workers copier = new Workers()) {
      // Another thread reads, since an interrupt ends no read from a process.
      copier.start(
          Thread.ofPlatform().daemon().name("clients-output"),
          () -> console.copy(process.getInputStream()));
      try {
        int status = process.waitFor();
        copier.join(() -> 0, Load.PATIENCE, () -> {});
        if (status != 0) {
          throw new Failure(
              Failure.WRONG, "The clients failed: their process ended with " + status + ".");
        }
      } finally {
        process.destroyForcibly(); // ends the copier
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ENGLISH);
    int port = Integer.parseInt(args[0]);
    int idle = Integer.parseInt(args[1]);
    int busy = Integer.parseInt(args[2]);
    int seconds = Integer.parseInt(args[3]);
    Console console = new Console(System.out, Boolean.parseBoolean(args[4]));
    try (NettyClients clients = new NettyClients(port, Load.PATIENCE, console)) {
      clients.run(idle, busy, Duration.ofSeconds(seconds));
    }
  }

  /** Returns only if every reply was right, and no connection was lost. */
  void run(int idle, int busy, Duration time) throws Failure, IOException, InterruptedException {
    open(idle + busy);
    Load load = new Load(request -> true, busy, patience, console);
    double perSecond =
        load.turn(
            time,
            "busy",
            "blocking handlers",
            (thread, request) -> clients.get(idle + thread - 1).ask(request));
    String verdict = load.verdict();
    end(idle);
    console.line(
        """

        %s
        %,.0f replies per second came over the busy connections.
        The idle ones stayed open for %d seconds; each answered before and after."""
            .formatted(verdict, perSecond, time.toSeconds()));
  }

  private void open(int count) throws Failure, IOException {
    for (int i = 1; i <= count; i++) {
      LineClient client = new LineClient(port, patience);
      clients.add(client);
      Request first = new Request(i, "first request");
      Load.check(first, client.ask(first));
      console.live("%-14s %,12d connections".formatted("opening", i));
    }
  }

  /** Ends all connections, the idle ones in three ways by turns. */
  private void end(int idle) throws Failure, IOException {
    for (int i = 1; i <= idle; i++) {
      LineClient client = clients.get(i - 1);
      Request last = new Request(i, "last request");
      if (i % 3 == 0) {
        Load.check(last, client.askLast(last));
      } else {
        Load.check(last, client.ask(last));
        if (i % 3 == 1) {
          client.reset();
        }
      }
      console.live("%-14s %,12d connections".formatted("ending", i));
    }
    close();
  }

  /** How many of the idle connections end by a reset: the first of every three. */
  static int resets(int idle) {
    return (idle + 2) / 3;
  }

  @Override
  public void close() throws IOException {
    for (LineClient client : clients) {
      client.close();
    }
  }
}
