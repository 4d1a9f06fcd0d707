package dev.portico.auth.dynamodb;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Makes the connection with the region and credentials that micronaut-aws-sdk-v2 finds. */
@Factory
final class ConnectionFactory {
  private static final int MOST_CONNECTIONS = 200;

  @Bean(preDestroy = "close")
  @Singleton
  Connection connection(
      DynamoDbSettings settings,
      AwsRegionProviderChain region,
      AwsCredentialsProviderChain credentials) {
    Duration total = settings.callTimeout();
    var client =
        DynamoDbClient.builder()
            .region(region.getRegion())
            .credentialsProvider(credentials)
            .httpClientBuilder(
                ApacheHttpClient.builder()
                    .maxConnections(MOST_CONNECTIONS)
                    .connectionTimeout(Duration.ofSeconds(2)))
            .overrideConfiguration(
                override ->
                    override.apiCallTimeout(total).apiCallAttemptTimeout(total.dividedBy(2)));
    settings.endpointOverride().ifPresent(client::endpointOverride);
    return new Connection(client.build());
  }
}
