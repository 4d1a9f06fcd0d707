package dev.portico.content.settings;

import dev.portico.content.settings.ManagedIndex.Managed;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CloudFront's managed cache policies, under their names and ids.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html">Use
 *     managed cache policies</a>
 */
final class ManagedPolicies {
  private static final long DAY = 86_400;
  private static final long YEAR = 31_536_000;

  private static final ManagedIndex<CachePolicy> INDEX =
      new ManagedIndex<>(
          CachePolicy::id,
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
                      // CloudFront's has the viewer's country too. No gateway knows it: under its
                      // name there could only be what viewers send.
                      KeySelection.only("authorization", "host"),
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
                  false),
              managed(
                  "UseOriginCacheControlHeaders",
                  "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
                  new Times(0, 0, YEAR),
                  KeyParts.ofAnApplication(KeySelection.NONE),
                  true,
                  true),
              managed(
                  "UseOriginCacheControlHeaders-QueryStrings",
                  "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
                  new Times(0, 0, YEAR),
                  KeyParts.ofAnApplication(KeySelection.ALL),
                  true,
                  true)));

  private ManagedPolicies() {}

  private record Times(long min, long normal, long max) {}

  private record KeyParts(KeySelection headers, KeySelection cookies, KeySelection query) {
    static final KeyParts NOTHING =
        new KeyParts(KeySelection.NONE, KeySelection.NONE, KeySelection.NONE);

    /** What applications that say by themselves what may be kept commonly answer by. */
    static KeyParts ofAnApplication(KeySelection query) {
      return new KeyParts(
          KeySelection.only(
              "host", "origin", "x-http-method", "x-http-method-override", "x-method-override"),
          KeySelection.ALL,
          query);
    }
  }

  private static Managed<CachePolicy> managed(
      String name, String id, Times times, KeyParts key, boolean gzip, boolean brotli) {
    return new Managed<>(
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

  static List<Managed<CachePolicy>> all() {
    return INDEX.all();
  }

  /** By id or by name, with or without the prefix {@code Managed-} that the API has. */
  static Optional<CachePolicy> find(String reference) {
    return INDEX.find(reference);
  }
}
