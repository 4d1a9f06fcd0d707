package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import java.util.Set;

/** A request to one of Portico's own services. */
final class ServicePassage implements Passage {
  // Made anew for the viewer where the response is written.
  private static final Set<String> OURS =
      Set.of("content-length", "date", "x-request-id", "server");

  private static final CacheStatus BYPASS = CacheStatus.forwarded(CacheStatus.Forward.BYPASS);

  private final ViewerRequest request;

  ServicePassage(ViewerRequest request) {
    this.request = request;
  }

  @Override
  public ResponseHead head(int status, HeaderFields headers) {
    ResponseHead.Builder head = Passage.passedOn(status, headers, OURS);
    SecurityHeaders.addTo(head, request);
    return head.build().with(CacheFields.of(BYPASS.answered(status), CacheResult.MISS));
  }

  @Override
  public String[] errorFields(String category) {
    return CacheFields.error(BYPASS.withDetail(category));
  }

  /** A service knows best what is too large: a publication may have gigabytes, a form may not. */
  @Override
  public long largestBody() {
    return 0;
  }

  @Override
  public boolean trailers() {
    return false;
  }

  @Override
  public boolean program() {
    return true;
  }
}
