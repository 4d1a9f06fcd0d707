package dev.portico.gateway.observe;

import dev.portico.gateway.exchange.ViewerExchange;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes a line of JSON per exchange to standard output, from a thread of its own. Event loops only
 * put an entry in a bounded queue; when that is full the line is lost and counted.
 */
@Singleton
final class AccessLog {
  private static final int BATCH = 512;

  private final boolean enabled;
  private final BlockingQueue<AccessEntry> queue;
  private final LongAdder lost = new LongAdder();
  private final OutputStream out;
  private final Thread writer = new Thread(this::run, "access-log");
  private volatile boolean stopped;

  @Inject
  AccessLog(ObserveSettings settings) {
    this(settings, new FileOutputStream(FileDescriptor.out));
  }

  AccessLog(ObserveSettings settings, OutputStream out) {
    this.enabled = settings.accessLog();
    this.queue = new ArrayBlockingQueue<>(settings.accessLogQueue());
    this.out = out;
    writer.setDaemon(true);
  }

  @PostConstruct
  void start() {
    if (enabled) {
      writer.start();
    }
  }

  void log(ViewerExchange exchange) {
    if (enabled && !queue.offer(AccessEntry.of(exchange))) {
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
    List<AccessEntry> batch = new ArrayList<>(BATCH);
    StringBuilder lines = new StringBuilder();
    while (true) {
      try {
        AccessEntry first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          if (stopped) {
            return;
          }
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
        batch.forEach(entry -> entry.appendTo(lines));
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException e) {
        lost.add(batch.size());
      } catch (InterruptedException e) {
        return;
      }
      batch.clear();
      lines.setLength(0);
    }
  }
}
