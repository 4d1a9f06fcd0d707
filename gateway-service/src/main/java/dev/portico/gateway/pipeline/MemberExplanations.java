package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets members of a site ask of a live request why it is answered as it is. For everybody else the
 * field that asks is not there, and nothing tells them that it could be.
 */
@Singleton
final class MemberExplanations {
  /** Asks, and answers. */
  static final String FIELD = "Portico-Explain";

  private static final String LOWER = "portico-explain";
  private static final String AUTHORIZATION = "authorization";
  private static final String IN_HEADER = "1";
  private static final String INSTEAD = "json";
  private static final String DEPLOY_TOKEN = "pdt_";
  private static final int LONGEST_CREDENTIALS = 8_192;

  private final SiteReaders readers;

  MemberExplanations(SiteReaders readers) {
    this.readers = readers;
  }

  /** Whether the field is there, whoever has sent it. */
  static boolean asked(ViewerRequest request) {
    return request.headers().contains(LOWER);
  }

  /**
   * Finds out whether who asks may know. What is answered is without the field, of a member with an
   * explanation, and without credentials that may be Portico's: an origin has no business with
   * them. The guard sees them if they say who the viewer is too. Where nobody can say who may,
   * nothing is served (503): the answer could not be what was asked for.
   *
   * @param site the name of the site that the host comes to
   * @param resolve what the host comes to, asked again after the wait: what it came to before may
   *     be another deployment's, or another site's
   * @param stages answer, on the exchange's event loop
   */
  void decide(
      ViewerExchange exchange,
      String site,
      Supplier<SiteResolution> resolve,
      Explanations.Stages stages) {
    ViewerRequest request = exchange.request();
    String how = request.headers().joined(LOWER);
    boolean instead = INSTEAD.equalsIgnoreCase(how);
    boolean known = instead || IN_HEADER.equals(how);
    String token = porticos(request);
    ViewerRequest unasked = without(request, LOWER);
    ViewerRequest passed = token == null ? unasked : without(unasked, AUTHORIZATION);
    boolean viewers = token != null && !token.startsWith(DEPLOY_TOKEN);
    UnaryOperator<ViewerExchange> judged =
        each -> viewers ? new BearerExchange(each, unasked) : each;
    ViewerExchange plain = judged.apply(new UnexplainedExchange(exchange, passed));
    if (!known || token == null) {
      stages.resolved(plain, resolve.get());
      return;
    }
    StoreWait wait = new StoreWait(exchange);
    exchange.listen(wait);
    readers.mayRead(
        exchange,
        site,
        right ->
            wait.over(
                () -> {
                  if (right == SiteReaders.Right.UNKNOWN) {
                    exchange.timeline().site(site);
                    ErrorReplies.reply(plain, EdgeError.UNAVAILABLE, false);
                    return;
                  }
                  SiteResolution now = resolve.get();
                  boolean may = right == SiteReaders.Right.YES && isOf(site, now);
                  stages.resolved(
                      may ? judged.apply(new ExplainedExchange(exchange, passed, instead)) : plain,
                      now);
                }));
  }

  private static boolean isOf(String site, SiteResolution resolution) {
    return resolution instanceof SiteResolution.Routable routable && routable.site().equals(site);
  }

  /**
   * A token that could be Portico's, a deploy token or an access token; null for credentials of
   * other kinds, which are not shown to content-service.
   */
  private static @Nullable String porticos(ViewerRequest request) {
    String credentials = request.headers().joined(AUTHORIZATION);
    if (credentials == null || credentials.length() > LONGEST_CREDENTIALS) {
      return null;
    }
    String token = bearer(credentials);
    boolean ours =
        token != null
            && (token.startsWith(DEPLOY_TOKEN) || token.chars().filter(c -> c == '.').count() == 2);
    return ours ? token : null;
  }

  private static @Nullable String bearer(String credentials) {
    int space = credentials.indexOf(' ');
    boolean bearer = space > 0 && credentials.substring(0, space).equalsIgnoreCase("bearer");
    return bearer ? credentials.substring(space + 1).strip() : null;
  }

  private static ViewerRequest without(ViewerRequest request, String... names) {
    return request.with(FieldList.without(request.headers(), Set.of(names)));
  }

  /** As if the field had not been sent. */
  private static final class UnexplainedExchange extends ForwardingExchange {
    UnexplainedExchange(ViewerExchange original, ViewerRequest request) {
      super(original, request);
    }
  }
}
