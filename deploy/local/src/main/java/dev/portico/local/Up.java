package dev.portico.local;

import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.ProcessFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Starts all of Portico on this machine and keeps it running until it is told to stop. */
public final class Up {
  private static final int SHOWN_LOG_LINES = 15;

  /** What to do about a process that ended. */
  private static final String ADVICE =
      "up: see in its log why, then run up again; if what it has stored is damaged, up --fresh forgets all data";

  private final Checkout checkout;
  private final PrintStream out;
  private volatile boolean stopped;

  private Up(Checkout checkout, PrintStream out) {
    this.checkout = checkout;
    this.out = out;
  }

  /**
   * Runs until Ctrl-C. The exit status is 1 when something could not be started, or has ended by
   * itself.
   *
   * @param arguments the options that {@code up --help} lists
   */
  public static void main(String[] arguments) {
    try {
      new Up(Checkout.locate(), System.out).run(List.of(arguments));
    } catch (ProcessFailure e) {
      if (!shuttingDown()) {
        System.err.println("up: " + e.getMessage() + "\n" + ADVICE);
      }
    } catch (CannotStart | IllegalStateException | UncheckedIOException e) {
      if (!shuttingDown()) {
        System.err.println("up: " + e.getMessage());
      }
    }
    System.exit(1);
  }

  /** The steps, in order. Returns when a process has ended that should not have. */
  private void run(List<String> arguments) {
    var options = Options.parse(arguments, checkout.root());
    var folder = DataFolder.open(options.data());
    var progress = new Progress(out);
    if (options.fresh()) {
      folder.forget();
      progress.say("Forgot everything in " + folder.path());
    }
    checkClock(folder);
    PortCheck.require(options.httpPort(), "--port");
    if (options.httpsPort() != 0) {
      PortCheck.require(options.httpsPort(), "--https-port (or --no-https)");
    }
    keepLastLogs(folder);

    progress.say("Starting Portico; logs are in " + folder.folder("logs"));
    var reserved = new HashSet<>(Set.of(options.httpPort(), options.httpsPort()));
    var stack = new Stack(checkout, folder, options, progress, new PortPlan(folder, reserved));
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(stack, folder)));
    var password = folder.secret("admin-password", Secrets::password);
    stack.start(password);
    DemoSite.publishOnce(
        folder, URI.create("http://127.0.0.1:" + options.httpPort()), password, checkout.root());
    progress.ready("demo site", "published");
    folder.note("started", Instant.now().toString());
    new Summary(options, folder, stack, password).print(out, progress.elapsed());

    report(stack.awaitFirstEnd());
  }

  private void checkClock(DataFolder folder) {
    var past = new HashMap<String, Instant>();
    folder.noted("started").ifPresent(at -> past.put("the last start was", Instant.parse(at)));
    try {
      var jar = checkout.serviceJar("gateway-service");
      past.put("gateway-service was built", Files.getLastModifiedTime(jar).toInstant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ClockCheck.complaint(Instant.now(), past).ifPresent(text -> System.err.println("up: " + text));
  }

  /** Each log begins with this start; the one before stays beside it. */
  private static void keepLastLogs(DataFolder folder) {
    try (var logs = Files.newDirectoryStream(folder.folder("logs"), "*.log")) {
      for (var log : logs) {
        var name = String.valueOf(log.getFileName());
        if (!name.equals("build.log")) {
          Files.move(log, log.resolveSibling(name + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot put aside the last logs", e);
    }
  }

  private void report(ManagedProcess ended) {
    if (shuttingDown()) {
      return;
    }
    var status = ended.handle().exitValue();
    var message = new StringBuilder();
    message.append(
        "up: %s ended with status %d; stopping the rest. Its log, %s, ends with:"
            .formatted(ended.name(), status, ended.logFile()));
    ended.lastLogLines(SHOWN_LOG_LINES).forEach(line -> message.append("\n    ").append(line));
    System.err.println(message.append('\n').append(ADVICE));
    stopped = true;
  }

  private void stop(Stack stack, DataFolder folder) {
    if (!stopped) {
      out.println();
    }
    out.println("Stopping …");
    stack.stop();
    out.println("Stopped. The data stays in " + folder.path());
    out.flush();
  }

  /** Whether this JVM is on its way out, for example because of Ctrl-C. */
  private static boolean shuttingDown() {
    try {
      var probe = new Thread(() -> {});
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException shuttingDown) {
      return true;
    }
  }
}
