package dev.portico.local;

import java.io.PrintStream;
import java.time.Duration;

/** Tells what happens, a line a component, with the time since the start. */
final class Progress {
  private final PrintStream out;
  private final long begin = System.nanoTime();

  Progress(PrintStream out) {
    this.out = out;
  }

  synchronized void say(String text) {
    out.println(text);
  }

  synchronized void ready(String component, String detail) {
    out.printf("  %5.1f s  %-16s %s%n", elapsed().toMillis() / 1000.0, component, detail);
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
