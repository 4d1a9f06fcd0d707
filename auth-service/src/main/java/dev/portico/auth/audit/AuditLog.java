package dev.portico.auth.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.auth.error.Problem;
import dev.portico.auth.error.RequestId;
import dev.portico.auth.limit.ClientAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who changed what of who may do what, and who signed in and out: in the table, for administrators
 * to read, and owners of sites what is about their groups, and as a line of JSON of the service's
 * log.
 *
 * <p>What is written down is done, by Cognito, which knows no transactions. So where the table does
 * not answer the entry is in the log alone, and a count tells of it.
 */
@Singleton
public final class AuditLog {
  /** The logger, whose lines {@code logback.xml} writes as they are. */
  static final String LOGGER = "dev.portico.audit";

  /** Names the site among the details of what was done at one. */
  private static final String SITE = "site";

  private static final Logger LINES = LoggerFactory.getLogger(LOGGER);
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private final AuditRecords records;
  private final ObjectMapper json;
  private final MeterRegistry meters;
  private final Clock clock;
  private final RefusalPace refusals = new RefusalPace();

  AuditLog(AuditRecords records, ObjectMapper json, MeterRegistry meters, Clock clock) {
    this.records = records;
    this.json = json;
    this.meters = meters;
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
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String group) {
    AuditEntry entry(Map<String, String> details) {
      return new AuditEntry(time, by, audit, user, client, details, requestId);
    }
  }

  /** What the owner of an account did to it. */
  public void own(String what, Authentication caller, HttpRequest<?> request) {
    own(what, caller, request, Map.of());
  }

  /**
   * What the owner of an account did to it.
   *
   * @param details names and values that matter; they are in the table alone, not in the line
   */
  public void own(
      String what, Authentication caller, HttpRequest<?> request, Map<String, String> details) {
    store(line(what, caller.getName(), request, caller.getName(), null).entry(details));
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
    Line line = line(what, by, request, user, group);
    store(line.entry(group == null ? Map.of() : Map.of(AuditEntry.GROUP, group)));
  }

  /**
   * What an account did at a site.
   *
   * @param subject the account's sub; null where it is not known
   * @param site the site's name
   */
  public void atSite(String what, @Nullable String subject, HttpRequest<?> request, String site) {
    store(line(what, subject, request, subject, null).entry(Map.of(SITE, site)));
  }

  /**
   * What was not done to an account of which nothing may be written down. As much is stored as if
   * it had been done to one, and as long as that takes.
   */
  public void unnamed(String what, HttpRequest<?> request) {
    store(line(what, null, request, null, null).entry(Map.of()), records::storeUnnamed);
  }

  /**
   * What somebody tried, who was refused. Each has a line; of many in a minute only some are
   * stored, and how many were not.
   */
  public void refused(String what, HttpRequest<?> request) {
    refused(what, request, Map.of());
  }

  /** The same, at a site. */
  public void refusedAtSite(String what, HttpRequest<?> request, String site) {
    refused(what, request, Map.of(SITE, site));
  }

  private void refused(String what, HttpRequest<?> request, Map<String, String> known) {
    Line line = line(what, null, request, null, null);
    OptionalLong passedOver = refusals.next(line.time());
    if (passedOver.isEmpty()) {
      count("passed-over");
      return;
    }
    var details = new HashMap<>(known);
    if (passedOver.getAsLong() > 0) {
      details.put("passedOver", Long.toString(passedOver.getAsLong()));
    }
    store(line.entry(details));
  }

  /**
   * Before something is done that must not be without its entry.
   *
   * @throws Problem 503 if the table does not answer
   */
  public void requireAnswer() {
    records.requireAnswer();
  }

  /**
   * Entries, newest first.
   *
   * @param account the sub of the account that did it or that it was done to; null for all
   * @param limit most entries
   * @param after {@code next} of the page before; null for the first
   * @throws IllegalArgumentException if {@code after} is not one
   * @throws Problem 503 if the table does not answer
   */
  public AuditEntry.Page list(@Nullable String account, int limit, @Nullable String after) {
    requirePlace(after);
    return records.page(account, limit, after);
  }

  /**
   * What was done to groups, and nothing else, newest first.
   *
   * @param groups their names, whether or not there are such groups
   * @param limit most entries
   * @param after {@code next} of the page before; null for the first
   * @throws IllegalArgumentException if {@code after} is not one
   * @throws Problem 503 if the table does not answer
   */
  public AuditEntry.Page ofGroups(Set<String> groups, int limit, @Nullable String after) {
    requirePlace(after);
    return records.pageOfGroups(groups, limit, after);
  }

  private static void requirePlace(@Nullable String after) {
    if (after != null && !AuditRecords.isPlace(after)) {
      throw new IllegalArgumentException("not a place in the audit log");
    }
  }

  private Line line(
      String what,
      @Nullable String by,
      HttpRequest<?> request,
      @Nullable String user,
      @Nullable String group) {
    var line =
        new Line(
            clock.instant(),
            what,
            by,
            ClientAddress.of(request),
            RequestId.of(request),
            user,
            group);
    try {
      LINES.info(json.writeValueAsString(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line;
  }

  private void store(AuditEntry entry) {
    store(entry, records::store);
  }

  private void store(AuditEntry entry, Consumer<AuditEntry> storing) {
    try {
      storing.accept(entry);
      count("stored");
    } catch (Problem e) {
      count("failed");
      LOG.error(
          "An entry of the audit log could not be stored, and is a line of the log alone: {} by {},"
              + " request {}",
          entry.action(),
          entry.by(),
          entry.requestId());
    }
  }

  private void count(String outcome) {
    meters.counter("portico.auth.audit", "outcome", outcome).increment();
  }
}
