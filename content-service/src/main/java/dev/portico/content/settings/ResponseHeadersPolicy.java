package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What gateways do to the header fields of responses: CloudFront's response headers policy. In this
 * order: remove, CORS, security, custom.
 *
 * @param id its name in this document; in a snapshot a managed policy's id as CloudFront has it
 * @param securityHeaders fields that browsers protect a site by; null: Portico's own alone
 * @param cors who else may read the site's responses; null: what the origin says
 * @param custom fields of the team's own
 * @param remove names of fields that are taken away first
 * @param serverTiming what viewers are told of the time that a response took
 */
@Serdeable
public record ResponseHeadersPolicy(
    String id,
    @Nullable ResponseSecurityHeaders securityHeaders,
    @Nullable Cors cors,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<CustomHeader> custom,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> remove,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) ServerTiming serverTiming) {
  /** How long the value of a header field may be, in characters, all of them ASCII. */
  public static final int LONGEST_VALUE = Limits.HEADER_VALUE_LENGTH;

  /** Keeps unmodifiable copies. */
  public ResponseHeadersPolicy {
    custom = List.copyOf(custom);
    remove = List.copyOf(remove);
  }

  /**
   * Cross-origin resource sharing.
   *
   * @param allowCredentials whether requests with cookies may be made
   * @param allowHeaders fields that requests may have besides the ordinary ones, or {@code *}
   * @param allowMethods methods, or {@code ALL}
   * @param allowOrigins who may read: {@code *}, or origins whose first label may be {@code *}
   * @param exposeHeaders fields that scripts may read besides the ordinary ones, or {@code *}
   * @param maxAgeSeconds how long browsers may remember the answer to a preflight
   * @param originOverride whether this holds for responses that have such fields already
   */
  @Serdeable
  @Schema(name = "ResponseCors")
  public record Cors(
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false")
          boolean allowCredentials,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> allowHeaders,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> allowMethods,
      List<String> allowOrigins,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> exposeHeaders,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "600") long maxAgeSeconds,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true")
          boolean originOverride) {
    static final String ALL_METHODS = "ALL";

    /** Keeps unmodifiable copies. */
    public Cors {
      allowHeaders = List.copyOf(allowHeaders);
      allowMethods = List.copyOf(allowMethods);
      allowOrigins = List.copyOf(allowOrigins);
      exposeHeaders = List.copyOf(exposeHeaders);
    }

    /** With each method named. */
    Cors compiled() {
      return allowMethods.contains(ALL_METHODS)
          ? new Cors(
              allowCredentials,
              allowHeaders,
              BehaviourReader.METHODS,
              allowOrigins,
              exposeHeaders,
              maxAgeSeconds,
              originOverride)
          : this;
    }
  }

  /**
   * A field of the team's own.
   *
   * @param name its name
   * @param value its value, possibly empty
   * @param override whether it takes the place of one that the response has already
   */
  @Serdeable
  @Schema(name = "ResponseHeader")
  public record CustomHeader(
      String name,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) String value,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean override) {}

  /**
   * The field Server-Timing.
   *
   * @param enabled whether responses may have it
   * @param samplingRate how many of a hundred do, with up to four decimals; those that ask for it
   *     by {@code Pragma: server-timing} always do
   */
  @Serdeable
  @Schema(name = "ResponseServerTiming")
  public record ServerTiming(
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean enabled,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "0") double samplingRate) {
    static final ServerTiming NONE = new ServerTiming(false, 0);
  }

  /** As gateways get it. */
  ResponseHeadersPolicy compiled() {
    Cors shared = cors == null ? null : cors.compiled();
    return new ResponseHeadersPolicy(id, securityHeaders, shared, custom, remove, serverTiming);
  }
}
