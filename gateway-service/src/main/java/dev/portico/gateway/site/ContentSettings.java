package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;

/**
 * Where content-service's internal interface is and how it is asked.
 *
 * @param internal its address (PORTICO_CONTENT_INTERNAL)
 * @param secret what proves that it is the gateway who asks (PORTICO_CONTENT_SECRET)
 * @param pollWait how long one question for changes may wait for an answer
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long it may say nothing while it answers anything else
 */
@ConfigurationProperties("portico.content")
public record ContentSettings(
    @Bindable(defaultValue = "http://localhost:8082") URI internal,
    @Bindable(defaultValue = "") String secret,
    @Bindable(defaultValue = "5s") Duration pollWait,
    @Bindable(defaultValue = "2s") Duration connectTimeout,
    @Bindable(defaultValue = "15s") Duration readTimeout) {
  /** Checks what annotations cannot. */
  public ContentSettings {
    String scheme = internal.getScheme();
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new IllegalArgumentException(
          "PORTICO_CONTENT_INTERNAL must start with http:// or https://, not " + internal);
    }
  }

  @Override
  public String toString() {
    return "ContentSettings[" + internal + "]";
  }
}
