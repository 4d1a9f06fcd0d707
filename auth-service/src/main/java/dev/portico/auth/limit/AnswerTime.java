package dev.portico.auth.limit;

import io.micronaut.http.HttpRequest;
import java.util.Optional;

/**
 * Since when a request is being answered whose answer must not tell, by the time that it takes,
 * whether there is an account.
 *
 * @param begun by {@link System#nanoTime}
 * @param refusalsAlone whether an answer that is no error says by itself that there is one
 */
record AnswerTime(long begun, boolean refusalsAlone) {
  private static final String ATTRIBUTE = "dev.portico.answer-time";

  /** Of a secret that is tried: who knows it knows of the account. */
  static void ofAttempt(HttpRequest<?> request) {
    request.setAttribute(ATTRIBUTE, new AnswerTime(System.nanoTime(), true));
  }

  /** Of a message that is asked for, which is answered alike for everybody. */
  static void ofMessage(HttpRequest<?> request) {
    request.setAttribute(ATTRIBUTE, new AnswerTime(System.nanoTime(), false));
  }

  /** Of that request, and only once: an answer to a failure is given twice. */
  static Optional<AnswerTime> take(HttpRequest<?> request) {
    return request.removeAttribute(ATTRIBUTE, AnswerTime.class);
  }

  /**
   * For how long the answer is to be held, in nanoseconds: until the next multiple of a step since
   * it was begun, so that what takes less than a step takes one, and what takes longer says no more
   * than in which step it was done.
   *
   * @param status its HTTP status
   * @param now by {@link System#nanoTime}
   * @param step in nanoseconds; 0 = nothing is held
   */
  long left(int status, long now, long step) {
    if (step == 0 || (refusalsAlone && status < 400)) {
      return 0;
    }
    return step - (now - begun) % step;
  }
}
