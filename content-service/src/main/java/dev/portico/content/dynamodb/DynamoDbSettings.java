package dev.portico.content.dynamodb;

import static dev.portico.content.SettingBounds.endpointOrAws;
import static dev.portico.content.SettingBounds.requireName;
import static dev.portico.content.SettingBounds.requirePositive;
import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the table is; checked at start. Region and credentials come from AWS's default chains.
 *
 * @param table the table's name
 * @param endpoint the stand-in's address; null: AWS
 * @param connections most connections at the same time
 * @param callTimeout of one call, retries included
 */
@Context
@ConfigurationProperties("portico.dynamodb")
public record DynamoDbSettings(
    String table, @Nullable URI endpoint, int connections, Duration callTimeout) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public DynamoDbSettings {
    requireName("PORTICO_DYNAMODB_TABLE", table);
    requireWithin("PORTICO_DYNAMODB_CONNECTIONS", connections, 1, 10_000);
    requirePositive("PORTICO_DYNAMODB_CALL_TIMEOUT", callTimeout);
    endpoint = endpointOrAws("PORTICO_DYNAMODB_ENDPOINT", endpoint);
  }
}
