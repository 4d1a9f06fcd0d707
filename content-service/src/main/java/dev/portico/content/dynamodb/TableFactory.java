package dev.portico.content.dynamodb;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Makes the table from its settings. */
@Factory
final class TableFactory {
  @Bean(preDestroy = "close")
  @Singleton
  Table table(DynamoDbSettings settings) {
    var client =
        DynamoDbClient.builder()
            .httpClientBuilder(
                ApacheHttpClient.builder()
                    .maxConnections(settings.connections())
                    .connectionTimeout(Duration.ofSeconds(2))
                    .socketTimeout(Duration.ofSeconds(10)))
            .overrideConfiguration(
                ClientOverrideConfiguration.builder()
                    .apiCallTimeout(settings.callTimeout())
                    .build());
    if (settings.endpoint() != null) {
      client.endpointOverride(settings.endpoint());
    }
    return new Table(client.build(), settings.table());
  }
}
