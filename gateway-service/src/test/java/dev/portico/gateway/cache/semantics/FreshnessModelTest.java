package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.response.HttpDates;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The arithmetic of RFC 9111, sections 4.2.1 to 4.2.3, against the section's own formulas in
 * numbers without limit. The model is told what the fields mean; only the code under test reads
 * them.
 */
class FreshnessModelTest {
  private static final int CASES = 15_000;
  private static final BigInteger CAP = BigInteger.TWO.pow(31);
  private static final BigInteger THOUSAND = BigInteger.valueOf(1000);

  /** A field's text and what it means: null for nothing that can be used. */
  private record Said(String text, @Nullable BigInteger meaning) {}

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private @Nullable Said seconds() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> null;
      case 2 -> new Said(List.of("", "-1", "x", "1.0", "1e3", "5 5").get(random.nextInt(6)), null);
      case 3 -> number(new BigInteger(random.nextInt(200), random));
      case 4 -> number(CAP.add(BigInteger.valueOf(random.nextInt(5) - 2)));
      case 5 -> number(BigInteger.ZERO);
      default -> number(BigInteger.valueOf(random.nextInt(100_000)));
    };
  }

  private static Said number(BigInteger number) {
    return new Said(number.toString(), number.min(CAP));
  }

  private @Nullable Said date(long around) {
    if (random.nextInt(4) == 0) {
      return null;
    }
    if (random.nextInt(6) == 0) {
      return new Said(
          List.of("0", "", "soon", "Mon, 99 Foo 2026 99:00:00 GMT").get(random.nextInt(4)), null);
    }
    long reach = random.nextInt(5) == 0 ? 60_000_000_000L : 1_000_000;
    long seconds =
        Math.clamp(
            around / 1000 + random.nextLong(-reach, reach), -62_000_000_000L, 250_000_000_000L);
    return new Said(HttpDates.format(Instant.ofEpochSecond(seconds)), BigInteger.valueOf(seconds));
  }

  @Test
  void agreesWithTheModel() {
    System.out.println("seed " + seed);
    for (int i = 0; i < CASES; i++) {
      long now = random.nextLong(4_000_000_000_000L);
      long sent = now - random.nextInt(100_000) + 100;
      Said shared = seconds();
      Said maxAge = seconds();
      Said age = seconds();
      Said date = date(now);
      Said expires = date(now);
      Said modified = date(now);
      List<String> fields = new ArrayList<>();
      add(fields, "Cache-Control", "s-maxage=", shared);
      add(fields, "Cache-Control", "max-age=", maxAge);
      add(fields, "Age", "", age);
      add(fields, "Date", "", date);
      add(fields, "Expires", "", expires);
      add(fields, "Last-Modified", "", modified);
      OriginAnswer answer =
          new OriginAnswer(
              "GET", FieldList.EMPTY, 200, FieldList.of(fields.toArray(String[]::new)), sent, now);

      BigInteger initialAge =
          BigInteger.valueOf(Math.max(0, now - sent)).add(orZero(age).multiply(THOUSAND));
      BigInteger generated = BigInteger.valueOf(now).subtract(initialAge);
      BigInteger dated =
          date == null || date.meaning() == null
              ? BigInteger.valueOf(now)
              : date.meaning().multiply(THOUSAND);
      BigInteger explicit = explicit(shared, maxAge, expires, dated);
      BigInteger guess = explicit == null ? guess(modified, dated) : null;
      BigInteger lifetime = explicit == null ? guess : explicit;
      long[] policy = {random.nextInt(3) * 50L, random.nextInt(500), 100 + random.nextInt(100_000)};

      String about = "seed " + seed + " " + answer;
      Freshness freshness = freshness(answer, CachingRules.RFC_9111);
      assertThat(freshness.generatedAt()).as(about).isEqualTo(generated.longValueExact());
      assertThat(freshness.freshUntil())
          .as(about)
          .isEqualTo(lifetime == null ? now : generated.add(lifetime).longValueExact());
      assertThat(freshness(answer, Answers.policy(policy[0], policy[1], policy[2])).freshUntil())
          .as("%s %s", about, Map.of("policy", List.of(policy[0], policy[1], policy[2])))
          .isEqualTo(byPolicy(now, generated, explicit, policy));
    }
  }

  private static Freshness freshness(OriginAnswer answer, CachingRules rules) {
    return Freshness.of(answer, ResponseDirectives.of(answer.response()), rules);
  }

  private static void add(List<String> fields, String name, String prefix, @Nullable Said said) {
    if (said != null) {
      fields.add(name);
      fields.add(prefix + said.text());
    }
  }

  private static BigInteger orZero(@Nullable Said said) {
    return said == null || said.meaning() == null ? BigInteger.ZERO : said.meaning();
  }

  private static @Nullable BigInteger explicit(
      @Nullable Said shared, @Nullable Said maxAge, @Nullable Said expires, BigInteger dated) {
    if (shared != null) {
      return orZero(shared).multiply(THOUSAND);
    }
    if (maxAge != null) {
      return orZero(maxAge).multiply(THOUSAND);
    }
    if (expires == null) {
      return null;
    }
    if (expires.meaning() == null) {
      return BigInteger.ZERO;
    }
    BigInteger lifetime = expires.meaning().multiply(THOUSAND).subtract(dated);
    return lifetime.max(BigInteger.ZERO).min(CAP.multiply(THOUSAND));
  }

  private static @Nullable BigInteger guess(@Nullable Said modified, BigInteger dated) {
    if (modified == null || modified.meaning() == null) {
      return null;
    }
    return dated
        .subtract(modified.meaning().multiply(THOUSAND))
        .divide(BigInteger.TEN)
        .max(BigInteger.ZERO)
        .min(BigInteger.valueOf(24L * 3600 * 1000));
  }

  /** edge-semantics: x present: clamped; absent: the greater of least and default time. */
  private static long byPolicy(
      long now, BigInteger generated, @Nullable BigInteger explicit, long[] policy) {
    BigInteger min = BigInteger.valueOf(policy[0] * 1000);
    BigInteger standard = BigInteger.valueOf(policy[1] * 1000);
    BigInteger max = BigInteger.valueOf(policy[2] * 1000);
    BigInteger lifetime = explicit == null ? standard.max(min) : explicit.min(max).max(min);
    return generated.add(lifetime).max(BigInteger.valueOf(now).add(min)).longValueExact();
  }
}
