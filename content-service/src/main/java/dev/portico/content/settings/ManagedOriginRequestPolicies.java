package dev.portico.content.settings;

import dev.portico.content.settings.ManagedIndex.Managed;
import java.util.List;
import java.util.Optional;

/**
 * CloudFront's managed origin request policies, under their names and ids.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html">Use
 *     managed origin request policies</a>
 */
final class ManagedOriginRequestPolicies {
  private static final ManagedIndex<OriginRequestPolicy> INDEX =
      new ManagedIndex<>(
          OriginRequestPolicy::id,
          List.of(
              all("AllViewer", "216adef6-5c7f-47e4-b989-5492eafa07d3", KeySelection.ALL, List.of()),
              all(
                  "AllViewerExceptHostHeader",
                  "b689b0a8-53d0-40ab-baf2-68738e2966ac",
                  new KeySelection(KeySelection.MODE_ALL_EXCEPT, List.of("host")),
                  List.of()),
              all(
                  "AllViewerAndCloudFrontHeaders-2022-06",
                  "33f36d7e-f396-46d9-90e0-52428a34d9dc",
                  KeySelection.ALL,
                  ViewerFacts.KNOWN),
              headers("CORS-CustomOrigin", "59781a5b-3903-41f3-afcb-af62929ccde1", "origin"),
              headers(
                  "CORS-S3Origin",
                  "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
                  "origin",
                  "access-control-request-headers",
                  "access-control-request-method"),
              headers(
                  "UserAgentRefererHeaders",
                  "acba4595-bd28-49b8-b9fe-13317c0390fa",
                  "user-agent",
                  "referer")));

  private ManagedOriginRequestPolicies() {}

  private static Managed<OriginRequestPolicy> all(
      String name, String id, KeySelection headers, List<String> facts) {
    return new Managed<>(
        name, new OriginRequestPolicy(id, headers, KeySelection.ALL, KeySelection.ALL, facts));
  }

  private static Managed<OriginRequestPolicy> headers(String name, String id, String... names) {
    return new Managed<>(
        name,
        new OriginRequestPolicy(
            id, KeySelection.only(names), KeySelection.NONE, KeySelection.NONE, List.of()));
  }

  static List<Managed<OriginRequestPolicy>> all() {
    return INDEX.all();
  }

  /** By id or by name, with or without the prefix {@code Managed-} that the API has. */
  static Optional<OriginRequestPolicy> find(String reference) {
    return INDEX.find(reference);
  }
}
