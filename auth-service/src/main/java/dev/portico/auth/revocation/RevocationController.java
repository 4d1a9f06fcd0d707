package dev.portico.auth.revocation;

import dev.portico.auth.error.Problem;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;
import java.time.Duration;

/** The feed, on the internal port only (deploy/contracts/README.md). */
@Hidden
@Controller(value = "/internal/revocations", port = "${portico.internal-port}")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class RevocationController {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);

  private final RevocationFeed feed;
  private final RevocationWatch watch;

  RevocationController(RevocationFeed feed, RevocationWatch watch) {
    this.feed = feed;
    this.watch = watch;
  }

  /**
   * Answers the entries after a position, waiting for the first one. Nobody waits at a copy that
   * stops: whoever would is sent to another one, and does not ask here again and again.
   */
  @Post
  RevocationsAnswer revocations(@Valid @Body RevocationsRequest request) {
    var after = new FeedPosition(request.after(), request.mark());
    RevocationsAnswer answer = answer(after, feed.head());
    if (answer.revocations().isEmpty() && request.waitMillis() > 0) {
      if (watch.closed()) {
        throw Problem.unavailable("This copy is stopping. Ask another one.")
            .header("Connection", "close");
      }
      Duration wait = Duration.ofMillis(Math.min(request.waitMillis(), LONGEST_WAIT.toMillis()));
      var position = new FeedPosition(answer.position(), answer.mark());
      watch.await(position.number(), wait);
      FeedPosition known = watch.known();
      answer = known.number() > position.number() ? answer(position, known) : answer;
    }
    return answer;
  }

  private RevocationsAnswer answer(FeedPosition after, FeedPosition end) {
    return feed.after(after, end)
        .orElseThrow(
            () ->
                Problem.of(
                    410,
                    "gone",
                    "Gone",
                    "This position is not, or no longer, one of the feed. Forget all sessions and"
                        + " tokens, and begin from 0."));
  }
}
