package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/**
 * The fields by which browsers protect a site. Each is null where the policy says nothing of it,
 * and has an {@code override}: whether it takes the place of what a response has already.
 *
 * @param contentSecurityPolicy Content-Security-Policy
 * @param contentTypeOptions X-Content-Type-Options: nosniff
 * @param frameOptions X-Frame-Options
 * @param referrerPolicy Referrer-Policy
 * @param strictTransportSecurity Strict-Transport-Security
 * @param xssProtection X-XSS-Protection
 */
@Serdeable
public record ResponseSecurityHeaders(
    @Nullable Valued contentSecurityPolicy,
    @Nullable ContentTypeOptions contentTypeOptions,
    @Nullable Valued frameOptions,
    @Nullable Valued referrerPolicy,
    @Nullable StrictTransportSecurity strictTransportSecurity,
    @Nullable XssProtection xssProtection) {
  /**
   * A field with a value.
   *
   * @param value its value
   * @param override whether it takes the place of what a response has already
   */
  @Serdeable
  @Schema(name = "ResponseSecurityHeader")
  public record Valued(
      String value,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean override) {}

  /**
   * X-Content-Type-Options, which has one value.
   *
   * @param override whether it takes the place of what a response has already
   */
  @Serdeable
  @Schema(name = "ResponseContentTypeOptions")
  public record ContentTypeOptions(
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean override) {}

  /**
   * Strict-Transport-Security.
   *
   * @param maxAgeSeconds how long browsers use HTTPS alone
   * @param includeSubdomains whether it holds for names below the host's too
   * @param preload whether browsers may build it in
   * @param override whether it takes the place of what a response has already
   */
  @Serdeable
  @Schema(name = "ResponseStrictTransportSecurity")
  public record StrictTransportSecurity(
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "31536000")
          long maxAgeSeconds,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false")
          boolean includeSubdomains,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean preload,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean override) {}

  /**
   * X-XSS-Protection.
   *
   * @param protection whether it is on
   * @param modeBlock whether a page is not shown at all; not together with {@code reportUri}
   * @param reportUri where attacks are reported; null: nowhere
   * @param override whether it takes the place of what a response has already
   */
  @Serdeable
  @Schema(name = "ResponseXssProtection")
  public record XssProtection(
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean protection,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean modeBlock,
      @Nullable String reportUri,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean override) {}
}
