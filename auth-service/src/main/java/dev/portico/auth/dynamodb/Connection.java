package dev.portico.auth.dynamodb;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The SDK's client with connections of its own, made at first use. Not the bean that
 * micronaut-aws-sdk-v2 would make, which shares connections with calls of Cognito.
 *
 * @param client of the SDK
 */
record Connection(DynamoDbClient client) implements AutoCloseable {
  @Override
  public void close() {
    client.close();
  }
}
