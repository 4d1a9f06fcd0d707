package dev.portico.content.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * CloudFront's managed cache policies, under their names and ids.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html">Use
 *     managed cache policies</a>
 */
final class ManagedPolicies {
  private static final String API_PREFIX = "Managed-";
  private static final long DAY = 86_400;
  private static final long YEAR = 31_536_000;

  private static final List<Managed> ALL =
      List.of(
          managed(
              "CachingOptimized",
              "658327ea-f89d-4fab-a63d-7e88639e58f6",
              new Times(1, DAY, YEAR),
              KeyParts.NOTHING,
              true,
              true),
          managed(
              "CachingOptimizedForUncompressedObjects",
              "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
              new Times(1, DAY, YEAR),
              KeyParts.NOTHING,
              false,
              false),
          managed(
              "CachingDisabled",
              "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
              new Times(0, 0, 0),
              KeyParts.NOTHING,
              false,
              false),
          managed(
              "Amplify",
              "2e54312d-136d-493c-8eb9-b001f22f67d2",
              new Times(2, 2, 600),
              new KeyParts(
                  KeySelection.only("authorization", "cloudfront-viewer-country", "host"),
                  KeySelection.ALL,
                  KeySelection.ALL),
              true,
              true),
          managed(
              "Elemental-MediaPackage",
              "08627262-05a9-4f76-9ded-b50ca2e3a84f",
              new Times(0, DAY, YEAR),
              new KeyParts(
                  KeySelection.only("origin"),
                  KeySelection.NONE,
                  KeySelection.only("aws.manifestfilter", "start", "end", "m")),
              true,
              false));

  private static final Map<String, CachePolicy> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Managed::name, Managed::policy));

  private static final Map<String, CachePolicy> BY_ID =
      ALL.stream()
          .collect(Collectors.toUnmodifiableMap(each -> each.policy().id(), Managed::policy));

  private ManagedPolicies() {}

  /**
   * A managed policy.
   *
   * @param name as CloudFront's console has it
   * @param policy with CloudFront's id
   */
  record Managed(String name, CachePolicy policy) {}

  private record Times(long min, long normal, long max) {}

  private record KeyParts(KeySelection headers, KeySelection cookies, KeySelection query) {
    static final KeyParts NOTHING =
        new KeyParts(KeySelection.NONE, KeySelection.NONE, KeySelection.NONE);
  }

  private static Managed managed(
      String name, String id, Times times, KeyParts key, boolean gzip, boolean brotli) {
    return new Managed(
        name,
        new CachePolicy(
            id,
            times.min(),
            times.normal(),
            times.max(),
            false,
            key.headers(),
            key.cookies(),
            key.query(),
            false,
            gzip,
            brotli,
            Map.of(),
            false));
  }

  static List<Managed> all() {
    return ALL;
  }

  /** By id or by name, with or without the prefix {@code Managed-} that the API has. */
  static Optional<CachePolicy> find(String reference) {
    CachePolicy byId = BY_ID.get(reference);
    if (byId != null) {
      return Optional.of(byId);
    }
    String name =
        reference.startsWith(API_PREFIX) ? reference.substring(API_PREFIX.length()) : reference;
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
