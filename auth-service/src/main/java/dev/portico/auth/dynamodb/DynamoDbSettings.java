package dev.portico.auth.dynamodb;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the table is. Checked at start.
 *
 * @param table the table's name
 * @param endpoint where DynamoDB answers, if not at AWS
 * @param callTimeout how long a call may take with all its retries
 */
@Context
@ConfigurationProperties("portico.dynamodb")
public record DynamoDbSettings(
    @Nullable String table, @Nullable String endpoint, Duration callTimeout) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public DynamoDbSettings {
    if (table == null || table.isBlank()) {
      throw new IllegalArgumentException("PORTICO_DYNAMODB_TABLE is empty");
    }
    if (endpoint != null
        && !endpoint.isBlank()
        && !endpoint.startsWith("http://")
        && !endpoint.startsWith("https://")) {
      throw new IllegalArgumentException(
          "PORTICO_DYNAMODB_ENDPOINT must be an http or https URL, or unset for AWS");
    }
    if (callTimeout.isNegative() || callTimeout.isZero()) {
      throw new IllegalArgumentException("PORTICO_DYNAMODB_CALL_TIMEOUT must be more than 0s");
    }
  }

  String name() {
    return String.valueOf(table);
  }

  Optional<URI> endpointOverride() {
    return Optional.ofNullable(endpoint).filter(text -> !text.isBlank()).map(URI::create);
  }
}
