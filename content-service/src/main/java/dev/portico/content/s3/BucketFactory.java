package dev.portico.content.s3;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes the bucket from its settings. */
@Factory
final class BucketFactory {
  /**
   * Everything that costs CPU and gains nothing is off: the bytes are hashed with SHA-256 as they
   * come in, and the connection itself is protected by TLS, so neither CRCs nor signed chunks are
   * added.
   */
  @Bean(preDestroy = "close")
  @Singleton
  Bucket bucket(S3Settings settings) {
    var client =
        S3Client.builder()
            .httpClientBuilder(
                ApacheHttpClient.builder()
                    .maxConnections(settings.connections())
                    .connectionTimeout(Duration.ofSeconds(2))
                    .connectionAcquisitionTimeout(Duration.ofSeconds(60))
                    .expectContinueEnabled(false)
                    .socketTimeout(settings.timeout()))
            .overrideConfiguration(it -> it.addExecutionInterceptor(new NoExpectation()))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(settings.endpoint() != null)
                    .chunkedEncodingEnabled(false)
                    .build());
    if (settings.endpoint() != null) {
      client.endpointOverride(settings.endpoint());
    }
    return new Bucket(client.build(), settings.bucket());
  }

  /**
   * Takes away the {@code Expect: 100-continue} that the SDK adds to uploads whatever its HTTP
   * client is told. Bodies are small and in memory: sending one in vain costs less than a round
   * trip for each.
   */
  private static final class NoExpectation implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().firstMatchingHeader("Expect").isEmpty()
          ? context.httpRequest()
          : context.httpRequest().copy(request -> request.removeHeader("Expect"));
    }
  }
}
