package dev.portico.content.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.dynamodb.TableOver;
import io.micronaut.health.HealthStatus;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

class TableHealthTest {
  /** A table that answers or not. */
  private static final class Answers implements DynamoDbClient {
    private volatile boolean away;

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      if (away) {
        throw SdkClientException.create("connection refused");
      }
      return GetItemResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private final Answers answers = new Answers();

  private HealthStatus status(TableHealth health) {
    return Mono.from(health.getResult()).blockOptional().orElseThrow().getStatus();
  }

  @Test
  void aTableThatHasNeverAnsweredIsNotReady() {
    try (ExecutorService blocking = Executors.newSingleThreadExecutor()) {
      TableHealth health = new TableHealth(TableOver.client(answers), blocking);
      answers.away = true;
      assertThat(status(health)).isEqualTo(HealthStatus.DOWN);
      answers.away = false;
      assertThat(status(health)).isEqualTo(HealthStatus.UP);
    }
  }

  /** Else a platform would end every copy in an outage of DynamoDB. */
  @Test
  void anOutageLeavesTheCopyInService() {
    try (ExecutorService blocking = Executors.newSingleThreadExecutor()) {
      TableHealth health = new TableHealth(TableOver.client(answers), blocking);
      assertThat(status(health)).isEqualTo(HealthStatus.UP);
      answers.away = true;
      assertThat(status(health)).isEqualTo(HealthStatus.UP);
      assertThat(Mono.from(health.getResult()).blockOptional().orElseThrow().getDetails())
          .asString()
          .contains("SdkClientException");
    }
  }
}
