package dev.portico.gateway.observe;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line of JSON per exchange to standard output, from a thread of its own. Event loops only
 * put an entry in a bounded queue; when that is full the line is lost and counted.
 *
 * <p>The writer looks every few milliseconds instead of being woken: waking a thread costs an event
 * loop more than all the rest of a line. And the queue has no lock, so that a loop never waits for
 * a writer that the system has just put aside.
 */
@Singleton
final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /** Bytes that are written at once. */
  private static final int BATCH = 128 * 1024;

  private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

  private final boolean enabled;
  private final MessagePassingQueue<AccessEntry> queue;
  private final LongAdder lost = new LongAdder();
  private final OutputStream out;
  private final Thread writer = new Thread(this::run, "access-log");
  private volatile boolean stopped;

  @Inject
  AccessLog(ObserveSettings settings) {
    this(settings, new FileOutputStream(FileDescriptor.out));
  }

  AccessLog(ObserveSettings settings, OutputStream out) {
    this.enabled = settings.logsAccess();
    this.queue = new MpscArrayQueue<>(settings.accessLogQueue());
    this.out = out;
    writer.setDaemon(true);
  }

  @PostConstruct
  void start() {
    if (enabled) {
      writer.start();
    }
  }

  /** Writes an entry soon, or counts it as lost. */
  void log(AccessEntry entry) {
    if (enabled && !queue.offer(entry)) {
      lost.increment();
    }
  }

  /** How many lines were dropped because the queue was full or could not be written. */
  long lost() {
    return lost.sum();
  }

  @PreDestroy
  void stop() throws InterruptedException {
    stopped = true;
    writer.join(2_000);
  }

  private void run() {
    LogLines lines = new LogLines();
    while (true) {
      // Before looking: what was put in before the stop is written.
      boolean last = stopped;
      int taken = 0;
      int appended = 0;
      for (AccessEntry entry; lines.length() < BATCH && (entry = queue.poll()) != null; taken++) {
        if (append(entry, lines)) {
          appended++;
        }
      }
      if (appended > 0) {
        write(lines, appended);
      } else if (last && taken == 0) {
        return;
      }
      if (lines.length() < BATCH && !last) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      lines.clear();
    }
  }

  /** One line that cannot be made must not end the thread, or all later ones would be lost. */
  private boolean append(AccessEntry entry, LogLines lines) {
    int before = lines.length();
    try {
      entry.appendTo(lines);
      return true;
    } catch (RuntimeException e) {
      lines.cut(before);
      lost.increment();
      LOG.error("A line of the access log could not be made", e);
      return false;
    }
  }

  private void write(LogLines lines, int count) {
    try {
      lines.writeTo(out);
    } catch (IOException | RuntimeException e) {
      lost.add(count);
    }
  }
}
