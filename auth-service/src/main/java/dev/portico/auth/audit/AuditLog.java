package dev.portico.auth.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.auth.error.RequestId;
import dev.portico.auth.limit.ClientAddress;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line of JSON for each change of who may do what, and for each sign-in and sign-out. */
@Singleton
public final class AuditLog {
  /** The logger, whose lines {@code logback.xml} writes as they are. */
  static final String LOGGER = "dev.portico.audit";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  private final ObjectMapper json;
  private final Clock clock;

  AuditLog(ObjectMapper json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /**
   * A line.
   *
   * @param time when it was done
   * @param audit what was done, such as {@code user.disable}
   * @param by the sub of who did it; absent where nobody was proven
   * @param client the address that it was done from
   * @param requestId the request's id
   * @param user the sub of the account that it was done to
   * @param group the group that it was done to
   */
  @Serdeable
  record Line(
      Instant time,
      String audit,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String by,
      String client,
      String requestId,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String user,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String group) {}

  /** What the owner of an account did to it. */
  public void own(String what, Authentication caller, HttpRequest<?> request) {
    write(what, caller.getName(), request, caller.getName(), null);
  }

  /**
   * What somebody did.
   *
   * @param by the sub of who did it; null where nobody was proven
   * @param user the sub of the account that it was done to, if it was one
   * @param group the group that it was done to, if it was one
   */
  public void write(
      String what,
      @Nullable String by,
      HttpRequest<?> request,
      @Nullable String user,
      @Nullable String group) {
    try {
      LOG.info(
          json.writeValueAsString(
              new Line(
                  clock.instant(),
                  what,
                  by,
                  ClientAddress.of(request),
                  RequestId.of(request),
                  user,
                  group)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
