package dev.portico.gateway.routing;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests whose path matches a pattern.
 *
 * @param pattern the paths
 * @param origin the id of the HTTP origin that answers; null for the site's own deployment
 * @param viewerProtocol whether it may be asked over clear text
 * @param cachePolicy the id of the cache policy; null for RFC 9111 alone
 * @param originRequestPolicy the id of what the origin gets besides what is in the key; null for
 *     nothing
 * @param responseHeadersPolicy the id of what is done to the header fields of responses; null for
 *     nothing besides Portico's own
 * @param accessPolicy the id of who may have what is here; null: anyone
 * @param methods the methods that are allowed
 * @param cachesOptions whether answers to OPTIONS are cached too, where there is a cache policy
 * @param compress whether what its origin sends plain is compressed
 * @param errors what viewers get in place of errors
 */
public record Behaviour(
    PathPattern pattern,
    @Nullable String origin,
    ViewerProtocol viewerProtocol,
    @Nullable String cachePolicy,
    @Nullable String originRequestPolicy,
    @Nullable String responseHeadersPolicy,
    @Nullable String accessPolicy,
    Set<String> methods,
    boolean cachesOptions,
    boolean compress,
    ErrorResponses errors) {
  /** Copies the set. */
  public Behaviour {
    methods = Set.copyOf(methods);
  }

  /** A behaviour that may be asked over clear text and leaves header fields and errors alone. */
  public Behaviour(
      PathPattern pattern,
      @Nullable String origin,
      @Nullable String cachePolicy,
      Set<String> methods) {
    this(
        pattern,
        origin,
        ViewerProtocol.ALLOW_ALL,
        cachePolicy,
        null,
        null,
        null,
        methods,
        false,
        false,
        ErrorResponses.NONE);
  }

  /** The same for those whom an access policy lets in. */
  public Behaviour restrictedBy(String policy) {
    return new Behaviour(
        pattern,
        origin,
        viewerProtocol,
        cachePolicy,
        originRequestPolicy,
        responseHeadersPolicy,
        policy,
        methods,
        cachesOptions,
        compress,
        errors);
  }

  /** The value of Allow (RFC 9110, section 10.2.1). */
  public String allow() {
    return String.join(", ", new TreeSet<>(methods));
  }
}
