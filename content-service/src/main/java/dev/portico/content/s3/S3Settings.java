package dev.portico.content.s3;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the bucket is. Region and credentials come from AWS's default chains.
 *
 * @param bucket the bucket's name
 * @param endpoint the stand-in's address, asked by path-style addresses; null: AWS
 * @param connections most connections at the same time
 * @param timeout of one attempt of a call without a body to send; bodies take as long as they move
 */
@ConfigurationProperties("portico.s3")
public record S3Settings(
    @NotBlank @Bindable(defaultValue = "portico") String bucket,
    @Nullable URI endpoint,
    @Min(1) @Max(10_000) @Bindable(defaultValue = "96") int connections,
    @Bindable(defaultValue = "30s") Duration timeout) {}
