package dev.portico.content.dynamodb;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the table is. Region and credentials come from AWS's default chains.
 *
 * @param table the table's name
 * @param endpoint the stand-in's address; null: AWS
 * @param connections most connections at the same time
 * @param timeout of one call, retries included
 */
@Context
@ConfigurationProperties("portico.dynamodb")
public record DynamoDbSettings(
    @NotBlank @Bindable(defaultValue = "portico") String table,
    @Nullable URI endpoint,
    @Min(1) @Max(10_000) @Bindable(defaultValue = "200") int connections,
    @Bindable(defaultValue = "30s") Duration timeout) {
  /** An empty endpoint, as from an unset variable, is none. */
  public DynamoDbSettings {
    endpoint = endpoint == null || endpoint.toString().isEmpty() ? null : endpoint;
  }
}
