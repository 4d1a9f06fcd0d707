package dev.portico.standins.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Ends children when this JVM ends. Ordered ends run the shutdown hook, which stops the children in
 * the reverse order of their start. For the others ({@code kill -9}, a crash) each child has a
 * shell beside it that reads from a pipe held by this JVM: when the pipe closes, it kills the
 * child.
 */
final class Watchdog {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final Deque<ManagedProcess> RUNNING = new ArrayDeque<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop-children").unstarted(Watchdog::stopAll));
  }

  private Watchdog() {}

  /**
   * The command, shielded from the interrupt that a terminal sends to the whole process group on
   * Ctrl-C: only this JVM hears it, and stops the children in order.
   */
  static List<String> shielded(List<String> command) {
    if (!Files.isExecutable(SHELL)) {
      return command;
    }
    var wrapped =
        new ArrayList<>(List.of(SHELL.toString(), "-c", "trap '' INT; exec \"$@\"", "sh"));
    wrapped.addAll(command);
    return wrapped;
  }

  static void watch(ManagedProcess child) throws IOException {
    synchronized (RUNNING) {
      RUNNING.push(child);
    }
    var guard = guard(child);
    // The guard goes as soon as its child does, lest it kill whatever gets that process id later.
    Thread.ofVirtual()
        .start(
            () -> {
              child.handle().onExit().join();
              guard.destroyForcibly();
              synchronized (RUNNING) {
                RUNNING.remove(child);
              }
            });
  }

  private static GuardProcess guard(ManagedProcess child) throws IOException {
    if (!Files.isExecutable(SHELL)) {
      return () -> {};
    }
    var guard =
        new ProcessBuilder(
                SHELL.toString(),
                "-c",
                "trap '' INT TERM HUP; read -r line; kill -9 \"$1\"",
                "portico-watchdog",
                Long.toString(child.pid()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return guard::destroyForcibly;
  }

  private static void stopAll() {
    List<ManagedProcess> children;
    synchronized (RUNNING) {
      children = List.copyOf(RUNNING);
    }
    children.forEach(ManagedProcess::close);
  }

  /** The shell beside one child. */
  @FunctionalInterface
  private interface GuardProcess {
    void destroyForcibly();
  }
}
