package dev.portico.content.blob;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
    return send(task, () -> {});
  }

  /**
   * Runs in the background when fewer than the allowed number of sends are under way.
   *
   * @param after runs exactly once: after the task, or when it cannot be run at all
   */
  <T> Future<T> send(Callable<T> task, Runnable after) {
    Callable<T> bounded =
        () -> {
          try {
            puts.acquire();
            try {
              return task.call();
            } finally {
              puts.release();
            }
          } finally {
            after.run();
          }
        };
    try {
      return threads.submit(bounded);
    } catch (RejectedExecutionException e) {
      after.run();
      throw new BlobStorageException("The service is stopping.", e);
    }
  }

  /**
   * Waits for all, then throws the first failure. They have all ended when this returns or throws,
   * even when the caller is interrupted: nobody may reuse a buffer that is still being sent.
   */
  static <T> List<T> await(List<Future<T>> tasks) {
    boolean interrupted = settle(tasks);
    if (interrupted) {
      throw new BlobStorageException("Interrupted while storing.", null);
    }
    var results = new ArrayList<T>();
    RuntimeException failure = null;
    for (Future<T> task : tasks) {
      switch (task.state()) {
        case SUCCESS -> results.add(task.resultNow());
        default -> failure = failure == null ? failure(task) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /**
   * Waits until all have ended, whatever their outcome.
   *
   * @return whether the caller is interrupted, which it learns again when it waits next
   */
  static boolean settle(List<? extends Future<?>> tasks) {
    boolean interrupted = Thread.interrupted();
    for (Future<?> task : tasks) {
      while (!task.isDone()) {
        try {
          task.get();
        } catch (ExecutionException e) {
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return interrupted;
  }

  private static RuntimeException failure(Future<?> task) {
    if (task.state() != Future.State.FAILED) {
      return new BlobStorageException("Storing was cancelled.", null);
    }
    return task.exceptionNow() instanceof RuntimeException cause
        ? cause
        : new BlobStorageException("Storing failed.", task.exceptionNow());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
