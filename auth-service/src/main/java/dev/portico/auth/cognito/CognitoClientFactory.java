package dev.portico.auth.cognito;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;

/**
 * The SDK's client, made at first use, with the region, credentials and connections that
 * micronaut-aws-sdk-v2 finds.
 */
@Factory
final class CognitoClientFactory {
  @Singleton
  @Bean(preDestroy = "close")
  CognitoIdentityProviderClient client(
      CognitoSettings settings,
      AwsRegionProviderChain region,
      AwsCredentialsProviderChain credentials,
      SdkHttpClient http) {
    Duration total = settings.callTimeout();
    var builder =
        CognitoIdentityProviderClient.builder()
            .region(region.getRegion())
            .credentialsProvider(credentials)
            .httpClient(http)
            .overrideConfiguration(
                override ->
                    override.apiCallTimeout(total).apiCallAttemptTimeout(total.dividedBy(2)));
    settings.endpointOverride().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /** For calls that need no credentials, since the user's token is the proof. */
  @Singleton
  @Bean(preDestroy = "close")
  CognitoIdentityClient identityClient(
      CognitoSettings settings,
      IdentityPoolSettings identity,
      AwsRegionProviderChain region,
      SdkHttpClient http) {
    Duration total = settings.callTimeout();
    var builder =
        CognitoIdentityClient.builder()
            .region(region.getRegion())
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(http)
            .overrideConfiguration(
                override ->
                    override.apiCallTimeout(total).apiCallAttemptTimeout(total.dividedBy(2)));
    identity.endpointOverride().ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
