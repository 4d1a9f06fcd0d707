package dev.portico.content.s3;

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
 * Where the bucket is; checked at start. Region and credentials come from AWS's default chains.
 *
 * @param bucket the bucket's name
 * @param endpoint the stand-in's address, asked by path-style addresses; null: AWS
 * @param connections most connections at the same time
 * @param timeout how long a call may wait without a byte that moves
 */
@Context
@ConfigurationProperties("portico.s3")
public record S3Settings(String bucket, @Nullable URI endpoint, int connections, Duration timeout) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public S3Settings {
    requireName("PORTICO_S3_BUCKET", bucket);
    requireWithin("PORTICO_S3_CONNECTIONS", connections, 1, 10_000);
    requirePositive("PORTICO_S3_TIMEOUT", timeout);
    endpoint = endpointOrAws("PORTICO_S3_ENDPOINT", endpoint);
  }
}
