package dev.portico.gateway.exchange;

import org.jspecify.annotations.Nullable;

/**
 * When each thing of one exchange happened, and how much was moved; the only source of its log line
 * and its metrics. Written and read on the exchange's event loop. Moments are {@link
 * System#nanoTime()} values, 0 for what has not happened. After the end nothing changes any more:
 * the line may be on its way, on another thread.
 */
public final class Timeline {
  private static final int UNAVAILABLE = 503;

  private final long startedMillis;
  private final long receivedNanos;
  private long originStartedNanos;
  private long originFirstByteNanos;
  private long respondedNanos;
  private long finishedNanos;
  private long bytesReceived;
  private long bytesSent;
  private int status;
  private int replacedStatus;
  private Outcome outcome = Outcome.ERROR;
  private @Nullable String error;
  private @Nullable String site;
  private @Nullable String behaviour;
  private @Nullable ShareCount share;
  private boolean completed;
  private boolean asked;

  /**
   * Starts the timeline.
   *
   * @param startedMillis the wall clock, milliseconds since the epoch
   * @param receivedNanos {@link System#nanoTime()} when the head had been read
   */
  public Timeline(long startedMillis, long receivedNanos) {
    this.startedMillis = startedMillis;
    this.receivedNanos = receivedNanos;
  }

  /** Notes that an origin is being asked. */
  public void originStarted() {
    asks();
    if (originStartedNanos == 0 && !over()) {
      originStartedNanos = System.nanoTime();
    }
  }

  /** Notes that somebody else is being asked for it, so that it is no mere hit. */
  public void asks() {
    if (!over()) {
      asked = true;
    }
  }

  /** Notes the head of the origin's response. */
  public void originAnswered() {
    if (originFirstByteNanos == 0 && !over()) {
      originFirstByteNanos = System.nanoTime();
    }
  }

  /** Notes that the response's head is being written. */
  public void responded(ResponseHead head) {
    if (!over()) {
      status = head.status();
      respondedNanos = System.nanoTime();
      if (status == UNAVAILABLE && head.first("Retry-After") != null) {
        foreseen();
      }
    }
  }

  /** A server that says it will be back, or for whose absence a page is there, failed nobody. */
  private void foreseen() {
    boolean ofServer = error == null;
    if (ofServer) {
      share = null;
    }
  }

  /**
   * Notes the end.
   *
   * @param whole whether the whole response was handed to the viewer's connection
   */
  public void finished(boolean whole) {
    completed = whole;
    finishedNanos = System.nanoTime();
  }

  private boolean over() {
    return finishedNanos != 0;
  }

  /** Adds to the bytes of the request's body. */
  public void received(long bytes) {
    if (!over()) {
      bytesReceived += bytes;
    }
  }

  /** Adds to the bytes of the response's body. */
  public void sent(long bytes) {
    if (!over()) {
      bytesSent += bytes;
    }
  }

  /** Notes the status of an error in the place of which the site shows a page. */
  public void replaced(int errorStatus) {
    if (!over()) {
      replacedStatus = errorStatus;
      if (errorStatus == UNAVAILABLE) {
        foreseen();
      }
    }
  }

  /** Notes how the response comes about. */
  public void outcome(Outcome newOutcome) {
    if (!over()) {
      outcome = newOutcome;
    }
  }

  /** Notes the log category of what went wrong; the first one stays. */
  public void error(String category) {
    if (error == null && !over()) {
      error = category;
    }
  }

  /** Notes the site that answers. */
  public void site(String name) {
    if (!over()) {
      site = name;
    }
  }

  /** Notes the path pattern of the behaviour that answers. */
  public void behaviour(String pattern) {
    if (!over()) {
      behaviour = pattern;
    }
  }

  /** Notes among which viewers it is to be counted; null: among none. */
  public void share(@Nullable ShareCount count) {
    if (!over()) {
      share = count;
    }
  }

  /** The wall clock at the start, in milliseconds since the epoch. */
  public long startedMillis() {
    return startedMillis;
  }

  /** From the request's head to the end, in nanoseconds. */
  public long totalNanos() {
    return finishedNanos - receivedNanos;
  }

  /** From the request's head to the response's head, in nanoseconds; 0 without a response. */
  public long firstByteNanos() {
    return respondedNanos == 0 ? 0 : respondedNanos - receivedNanos;
  }

  /** From asking the origin to its response's head, in nanoseconds; 0 when none was asked. */
  public long originNanos() {
    return originFirstByteNanos == 0 ? 0 : originFirstByteNanos - originStartedNanos;
  }

  /** The bytes of the request's body that arrived. */
  public long bytesReceived() {
    return bytesReceived;
  }

  /** The bytes of the response's body that were written. */
  public long bytesSent() {
    return bytesSent;
  }

  /** The response's status, 0 when the viewer got none. */
  public int status() {
    return status;
  }

  /** The status that tells how the request fared, whatever a page says instead; 0 as above. */
  public int ownStatus() {
    return status == 0 || replacedStatus == 0 ? status : replacedStatus;
  }

  /** How the response came about. */
  public Outcome outcome() {
    return outcome;
  }

  /** The log category of what went wrong, or null. */
  public @Nullable String error() {
    return error;
  }

  /** The site that answered, or null. */
  public @Nullable String site() {
    return site;
  }

  /** The path pattern of the behaviour that answered, or null. */
  public @Nullable String behaviour() {
    return behaviour;
  }

  /** Among which viewers it is to be counted, or null. */
  public @Nullable ShareCount share() {
    return share;
  }

  /** Whether an origin or a service has been asked something because of it. */
  public boolean asked() {
    return asked;
  }

  /** Whether the whole response was handed to the viewer's connection. */
  public boolean completed() {
    return completed;
  }
}
