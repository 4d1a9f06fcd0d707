package dev.portico.gateway.origin;

import dev.portico.gateway.origin.wire.WireFailure;

/**
 * Answers: what follows the failure of a try? Never another try once anything of a response was
 * passed on, or a byte of the body is gone (RFC 9110, section 9.2.2). Counts the tries of one
 * origin.
 */
final class Retries {
  /** Failures that cost no try, since the origin cannot have seen the request. */
  private static final int MOST_FREE = 4;

  /** What to do. */
  enum Next {
    /** The same again, on a connection that has not served before. */
    FRESH,
    /** The same again, at another address where there is one. */
    AGAIN,
    /** No more tries. */
    GIVE_UP
  }

  private final boolean idempotent;
  private int left;
  private int free = MOST_FREE;
  private boolean freshTried;

  /**
   * Starts to count.
   *
   * @param attempts how often an idempotent request may be sent
   * @param idempotent whether this one is
   */
  Retries(int attempts, boolean idempotent) {
    this.idempotent = idempotent;
    this.left = attempts - 1;
  }

  /**
   * Decides.
   *
   * @param failure what happened
   * @param reused whether the connection had served before
   * @param committed whether anything was passed on, or a byte of the body sent
   * @param another whether there is an address that has not been tried
   */
  Next after(WireFailure failure, boolean reused, boolean committed, boolean another) {
    boolean inVain =
        failure.kind() == WireFailure.Kind.BUSY || failure.kind() == WireFailure.Kind.TOO_LARGE;
    if (committed || inVain) {
      return Next.GIVE_UP;
    }
    if (failure.kind() == WireFailure.Kind.UNPROCESSED || (failure.unsent() && another)) {
      return free-- > 0 ? Next.AGAIN : Next.GIVE_UP;
    }
    if (!idempotent && !failure.unsent()) {
      return Next.GIVE_UP;
    }
    if (failure.kind() == WireFailure.Kind.UNANSWERED && reused && !freshTried) {
      freshTried = true;
      return Next.FRESH;
    }
    return left-- > 0 ? Next.AGAIN : Next.GIVE_UP;
  }
}
