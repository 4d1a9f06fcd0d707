package dev.portico.standins.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A child process with a log file and a notion of being ready. It ends when it is closed, and at
 * the latest when this JVM ends, in whatever way.
 *
 * <pre>{@code
 * try (var service = ManagedProcess.named("content-service")
 *     .command(ManagedProcess.java().toString(), "-jar", jar)
 *     .log(logs.resolve("content-service.log"))
 *     .readyWhen(ReadinessProbe.http(health, status -> status == 200))
 *     .start()) {
 *   service.awaitReady();
 * }
 * }</pre>
 */
public final class ManagedProcess implements AutoCloseable {
  private static final int SHOWN_LOG_LINES = 20;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Builder settings;
  private final ProcessLog log;
  private final Process process;

  private ManagedProcess(Builder settings, ProcessLog log, Process process) {
    this.settings = settings;
    this.log = log;
    this.process = process;
  }

  /** Begins the description of a process; the name appears in messages. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** The {@code java} program of the running JVM. */
  public static Path java() {
    var name = File.separatorChar == '\\' ? "java.exe" : "java";
    return Path.of(System.getProperty("java.home"), "bin", name);
  }

  /**
   * Waits until the readiness probe says yes.
   *
   * @return this
   * @throws ProcessFailure when the process ends or the time is over first; the process is then
   *     ended
   */
  public ManagedProcess awaitReady() {
    return awaitReady(settings.readyWithin);
  }

  /** As {@link #awaitReady()}, with another limit. */
  public ManagedProcess awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        if (!process.isAlive()) {
          throw failure("ended with status " + process.exitValue() + " before it was ready");
        }
        // Alive still: somebody else on its port does not count.
        if (settings.probe.isReady(this) && process.isAlive()) {
          return this;
        }
        if (System.nanoTime() - deadline > 0) {
          kill();
          throw failure("was not ready after " + limit.toMillis() + " ms");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
      throw failure("was waited for by a thread that was interrupted");
    }
  }

  /** The first match in what this run has logged so far (in its last 4 MB). */
  public Optional<MatchResult> findInLog(Pattern pattern) {
    var matcher = pattern.matcher(log.text());
    return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
  }

  /**
   * Waits for a match in this run's log, for example for the port it chose.
   *
   * @throws ProcessFailure when the process ends or the time is over without one
   */
  public MatchResult awaitLog(Pattern pattern, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      var found = findInLog(pattern);
      if (found.isPresent()) {
        return found.get();
      }
      if (!alive) {
        throw failure("ended with status " + process.exitValue() + " without logging " + pattern);
      }
      if (System.nanoTime() - deadline > 0) {
        throw failure("did not log " + pattern + " within " + limit.toMillis() + " ms");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** What the process is called in messages. */
  public String name() {
    return settings.name;
  }

  /** The operating system's id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process, for its exit status and for waiting until it ends. */
  public Process handle() {
    return process;
  }

  /** The file that gets standard output and standard error, appended. */
  public Path logFile() {
    return log.file();
  }

  /** The last lines that this run has logged. */
  public List<String> lastLogLines(int count) {
    return log.lastLines(count);
  }

  /** Ends the process at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(30));
  }

  /**
   * Sends a signal, for example {@code STOP} and {@code CONT} to freeze and go on. Needs a POSIX
   * {@code kill} program.
   *
   * @throws ProcessFailure when it could not be sent
   */
  public void signal(String signal) {
    try {
      var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw failure("could not be sent the signal " + signal);
      }
    } catch (IOException e) {
      throw new ProcessFailure("cannot run the program kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Asks the process to end (SIGTERM), waits as long as its settings allow, then ends it by force.
   * Does nothing when it has ended.
   */
  @Override
  public void close() {
    process.destroy();
    if (!awaitEnd(settings.stopWithin)) {
      kill();
    }
  }

  private boolean awaitEnd(Duration limit) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return process.waitFor(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ProcessFailure failure(String what) {
    var message = new StringBuilder(name()).append(' ').append(what);
    message.append("; its log is ").append(log.file());
    var lines = lastLogLines(SHOWN_LOG_LINES);
    message.append(lines.isEmpty() ? " (it logged nothing)" : ", which ends with:");
    lines.forEach(line -> message.append("\n    ").append(line));
    return new ProcessFailure(message.toString());
  }

  @Override
  public String toString() {
    return name() + " (process " + pid() + ")";
  }

  /** The description of a process to start. */
  public static final class Builder {
    private final String name;
    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable Path directory;
    private @Nullable Path logFile;
    private ReadinessProbe probe = ReadinessProbe.immediately();
    private Duration readyWithin = Duration.ofMinutes(5);
    private Duration stopWithin = Duration.ofSeconds(5);

    private Builder(String name) {
      this.name = name;
    }

    /** Adds to the command: the program first, then its arguments. */
    public Builder command(String... words) {
      return command(List.of(words));
    }

    /** Adds to the command: the program first, then its arguments. */
    public Builder command(List<String> words) {
      command.addAll(words);
      return this;
    }

    /** Adds to, or replaces in, the environment that is inherited. */
    public Builder environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    /** The working directory; this JVM's own by default. */
    public Builder directory(Path folder) {
      this.directory = folder;
      return this;
    }

    /** The file to append standard output and error to. Required; its folder is made. */
    public Builder log(Path file) {
      this.logFile = file;
      return this;
    }

    /** What tells that it is ready; by default it is as soon as it runs. */
    public Builder readyWhen(ReadinessProbe readiness) {
      this.probe = readiness;
      return this;
    }

    /** How long {@link ManagedProcess#awaitReady()} waits; 60 s by default. */
    public Builder readyWithin(Duration limit) {
      this.readyWithin = limit;
      return this;
    }

    /** How long {@link ManagedProcess#close()} waits before it uses force; 5 s by default. */
    public Builder stopWithin(Duration limit) {
      this.stopWithin = limit;
      return this;
    }

    /**
     * Starts the process and does not wait until it is ready.
     *
     * @throws ProcessFailure when the program cannot be run
     */
    public ManagedProcess start() {
      if (logFile == null) {
        throw new IllegalStateException(name + " has no log file");
      }
      var program = Path.of(command.getFirst());
      if (program.isAbsolute() && !Files.isExecutable(program)) {
        throw new ProcessFailure(name + " cannot be started: no program " + program);
      }
      var log = ProcessLog.open(logFile);
      var builder =
          new ProcessBuilder(Watchdog.shielded(command))
              .redirectInput(ProcessBuilder.Redirect.from(nullDevice()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
      builder.environment().putAll(environment);
      if (directory != null) {
        builder.directory(directory.toFile());
      }
      try {
        var started = new ManagedProcess(this, log, builder.start());
        Watchdog.watch(started);
        return started;
      } catch (IOException e) {
        throw new ProcessFailure(name + " cannot be started: " + e.getMessage(), e);
      }
    }

    private static File nullDevice() {
      return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }
  }
}
