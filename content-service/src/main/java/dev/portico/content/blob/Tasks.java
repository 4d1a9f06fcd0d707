package dev.portico.content.blob;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Runs what goes to S3 on virtual threads, so many at the same time and no more. */
final class Tasks implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("blob-", 0).factory());
  private final Semaphore puts;

  Tasks(int parallelPuts) {
    this.puts = new Semaphore(parallelPuts);
  }

  /** Runs in the background without counting. */
  void start(Runnable task) {
    threads.execute(task);
  }

  /** Runs in the background when fewer than the allowed number of sends are under way. */
  <T> Future<T> send(Callable<T> task) {
    return threads.submit(
        () -> {
          puts.acquire();
          try {
            return task.call();
          } finally {
            puts.release();
          }
        });
  }

  /** Waits for all, then throws the first failure. */
  static <T> List<T> await(List<Future<T>> tasks) {
    var results = new ArrayList<T>();
    RuntimeException failure = null;
    for (Future<T> task : tasks) {
      try {
        results.add(task.get());
      } catch (ExecutionException e) {
        if (failure == null) {
          failure =
              e.getCause() instanceof RuntimeException cause
                  ? cause
                  : new BlobStorageException("Storing failed.", e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        tasks.forEach(it -> it.cancel(true));
        throw new BlobStorageException("Interrupted while storing.", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
