package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** A log group for each service, kept for the days of the settings. */
final class Logs extends Construct {
  private static final Map<Integer, RetentionDays> DAYS =
      Map.ofEntries(
          Map.entry(1, RetentionDays.ONE_DAY),
          Map.entry(3, RetentionDays.THREE_DAYS),
          Map.entry(5, RetentionDays.FIVE_DAYS),
          Map.entry(7, RetentionDays.ONE_WEEK),
          Map.entry(14, RetentionDays.TWO_WEEKS),
          Map.entry(30, RetentionDays.ONE_MONTH),
          Map.entry(60, RetentionDays.TWO_MONTHS),
          Map.entry(90, RetentionDays.THREE_MONTHS),
          Map.entry(120, RetentionDays.FOUR_MONTHS),
          Map.entry(150, RetentionDays.FIVE_MONTHS),
          Map.entry(180, RetentionDays.SIX_MONTHS),
          Map.entry(365, RetentionDays.ONE_YEAR),
          Map.entry(400, RetentionDays.THIRTEEN_MONTHS),
          Map.entry(545, RetentionDays.EIGHTEEN_MONTHS),
          Map.entry(731, RetentionDays.TWO_YEARS),
          Map.entry(1827, RetentionDays.FIVE_YEARS),
          Map.entry(3653, RetentionDays.TEN_YEARS));

  private final LogGroup gateway;
  private final LogGroup content;
  private final LogGroup auth;
  private final LogGroup connect;
  private final LogGroup delivery;

  Logs(Construct scope, Settings settings) {
    super(scope, "Logs");
    gateway = group("Gateway", settings, "gateway-service");
    content = group("Content", settings, "content-service");
    auth = group("Auth", settings, "auth-service");
    connect = group("Connect", settings, "service-connect");
    delivery = group("Delivery", settings, "access-log-delivery");
  }

  private LogGroup group(String id, Settings settings, String name) {
    return LogGroup.Builder.create(this, id)
        .logGroupName("/" + settings.name() + "/" + name)
        .retention(retention(settings))
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
  }

  /** How long logs are kept. */
  static RetentionDays retention(Settings settings) {
    return Objects.requireNonNull(DAYS.get(settings.logDays()), "logDays");
  }

  /** Of gateway-service: its access log and its own. */
  LogGroup gateway() {
    return gateway;
  }

  /** Of content-service. */
  LogGroup content() {
    return content;
  }

  /** Of auth-service. */
  LogGroup auth() {
    return auth;
  }

  /** Of Service Connect's agents. */
  LogGroup connect() {
    return connect;
  }

  /** Of Firehose, when it cannot deliver the access log. */
  LogGroup delivery() {
    return delivery;
  }
}
