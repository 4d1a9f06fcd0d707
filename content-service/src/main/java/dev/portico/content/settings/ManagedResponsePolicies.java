package dev.portico.content.settings;

import dev.portico.content.settings.ManagedIndex.Managed;
import dev.portico.content.settings.ResponseHeadersPolicy.Cors;
import dev.portico.content.settings.ResponseHeadersPolicy.ServerTiming;
import dev.portico.content.settings.ResponseSecurityHeaders.ContentTypeOptions;
import dev.portico.content.settings.ResponseSecurityHeaders.StrictTransportSecurity;
import dev.portico.content.settings.ResponseSecurityHeaders.Valued;
import dev.portico.content.settings.ResponseSecurityHeaders.XssProtection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CloudFront's managed response headers policies, under their names and ids.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html">Use
 *     managed response headers policies</a>
 */
final class ManagedResponsePolicies {
  private static final List<String> ANY = List.of("*");

  private static final Cors SIMPLE = cors(DefaultBehaviour.GET_AND_HEAD, List.of());
  private static final Cors WITH_PREFLIGHT =
      cors(List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"), ANY);

  private static final ResponseSecurityHeaders SECURITY =
      new ResponseSecurityHeaders(
          null,
          new ContentTypeOptions(true),
          new Valued("SAMEORIGIN", false),
          new Valued("strict-origin-when-cross-origin", false),
          new StrictTransportSecurity(31_536_000, false, false, false),
          new XssProtection(true, true, null, false));

  private static final ManagedIndex<ResponseHeadersPolicy> INDEX =
      new ManagedIndex<>(
          ResponseHeadersPolicy::id,
          List.of(
              managed("SimpleCORS", "60669652-455b-4ae9-85a4-c4c02393f86c", SIMPLE, null),
              managed(
                  "CORS-With-Preflight",
                  "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
                  WITH_PREFLIGHT,
                  null),
              managed(
                  "SecurityHeadersPolicy", "67f7725c-6f97-4210-82d7-5512b31e9d03", null, SECURITY),
              managed(
                  "CORS-and-SecurityHeadersPolicy",
                  "e61eb60c-9c35-4d20-a928-2b84e02af89c",
                  SIMPLE,
                  SECURITY),
              managed(
                  "CORS-with-preflight-and-SecurityHeadersPolicy",
                  "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
                  WITH_PREFLIGHT,
                  SECURITY)));

  private ManagedResponsePolicies() {}

  private static Cors cors(List<String> methods, List<String> exposed) {
    return new Cors(false, List.of(), methods, ANY, exposed, Limits.CORS_MAX_AGE_DEFAULT, false);
  }

  private static Managed<ResponseHeadersPolicy> managed(
      String name, String id, @Nullable Cors cors, @Nullable ResponseSecurityHeaders security) {
    return new Managed<>(
        name,
        new ResponseHeadersPolicy(id, security, cors, List.of(), List.of(), ServerTiming.NONE));
  }

  static List<Managed<ResponseHeadersPolicy>> all() {
    return INDEX.all();
  }

  /** By id or by name, with or without the prefix {@code Managed-} that the API has. */
  static Optional<ResponseHeadersPolicy> find(String reference) {
    return INDEX.find(reference);
  }
}
