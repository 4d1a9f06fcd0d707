package dev.portico.content.group;

import dev.portico.content.auth.AuthInternal;
import dev.portico.content.error.Problem;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks auth-service what was done to groups. */
@Singleton
class GroupAudit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupAudit.class);
  private static final String PATH = "/internal/audit/groups";

  /** Longer than auth-service waits for a table that does not answer, so that it can say so. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private final AuthInternal auth;
  private final JsonMapper json;

  GroupAudit(AuthInternal auth, JsonMapper json) {
    this.auth = auth;
    this.json = json;
  }

  /**
   * A page of what was done to the groups asked for.
   *
   * @throws Problem 400 when the cursor is not one of this site's, 503 when auth-service does not
   *     say
   */
  GroupAuditEntry.Page page(GroupAuditQuery query) {
    if (!auth.configured()) {
      throw unavailable("PORTICO_AUTH_SECRET is not set");
    }
    try {
      HttpResponse<byte[]> answer = auth.post(PATH, query, LONGEST);
      if (answer.statusCode() == BAD_REQUEST && query.cursor() != null) {
        // All else was judged before it was asked.
        throw Problem.badRequest("invalid-cursor", "cursor", "is not one that this list returned");
      }
      if (answer.statusCode() != OK) {
        throw unavailable("it answered " + answer.statusCode());
      }
      return json.readValue(answer.body(), GroupAuditEntry.Page.class);
    } catch (IOException e) {
      throw unavailable(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("this service is stopping");
    }
  }

  private static Problem unavailable(String reason) {
    LOG.warn("auth-service does not say what was done to groups: {}", reason);
    return Problem.unavailable(
        "What was done to groups is known to auth-service, which does not answer now. Try again.");
  }
}
