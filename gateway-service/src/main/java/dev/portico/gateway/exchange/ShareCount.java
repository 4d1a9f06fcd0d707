package dev.portico.gateway.exchange;

import java.util.concurrent.atomic.LongAdder;

/** Counts what some of a site's viewers got, for whoever compares them with the others. */
public final class ShareCount {
  private static final int FIRST_ERROR = 500;

  private final LongAdder requests = new LongAdder();
  private final LongAdder errors = new LongAdder();

  /** Nothing counted yet. */
  public ShareCount() {}

  /**
   * Counts an exchange that is over.
   *
   * @param status of its response; 0, the viewer left before there was one, counts for nothing
   */
  public void add(int status) {
    if (status > 0) {
      requests.increment();
      if (status >= FIRST_ERROR) {
        errors.increment();
      }
    }
  }

  /** Exchanges that ended with a response. */
  public long requests() {
    return requests.sum();
  }

  /** Those among them whose status was 500 or more. */
  public long errors() {
    return errors.sum();
  }
}
