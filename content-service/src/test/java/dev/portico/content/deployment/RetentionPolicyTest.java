package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.deployment.DeploymentRecord.Purge;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration MONTH = Duration.ofDays(30);

  @Test
  void countsEachActivatedDeploymentOnce() {
    RetentionPolicy policy =
        RetentionPolicy.of(Set.of(), Stream.of("c", "b", "c", "b", "c", "a", "z"), 3, MONTH);
    assertThat(policy.kept()).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void keepsWhatIsLiveOrAliasedWhateverItsAge() {
    RetentionPolicy policy = RetentionPolicy.of(Set.of("live", "alias"), Stream.of("x"), 1, MONTH);
    Instant old = NOW.minus(Duration.ofDays(365));
    assertThat(policy.lets(deployment("live", DeploymentState.SEALED, old), NOW)).isFalse();
    assertThat(policy.lets(deployment("alias", DeploymentState.SEALED, old), NOW)).isFalse();
    assertThat(policy.lets(deployment("x", DeploymentState.SEALED, old), NOW)).isFalse();
    assertThat(policy.lets(deployment("y", DeploymentState.SEALED, old), NOW)).isTrue();
  }

  @Test
  void keepsPreviewsUntilTheirTimeIsOver() {
    RetentionPolicy policy = RetentionPolicy.of(Set.of(), Stream.of(), 1, MONTH);
    assertThat(policy.lets(deployment("p", DeploymentState.SEALED, NOW.minus(MONTH)), NOW))
        .isFalse();
    assertThat(
            policy.lets(
                deployment("p", DeploymentState.SEALED, NOW.minus(MONTH).minusMillis(1)), NOW))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"UPLOADING", "DELETED"})
  void isOnlyForSealedOnes(DeploymentState state) {
    RetentionPolicy policy = RetentionPolicy.of(Set.of(), Stream.of(), 1, MONTH);
    assertThat(policy.lets(deployment("p", state, NOW.minus(Duration.ofDays(99))), NOW)).isFalse();
  }

  @Test
  void countsFromTheLastPublication() {
    RetentionPolicy policy = RetentionPolicy.of(Set.of(), Stream.of(), 1, MONTH);
    Instant old = NOW.minus(Duration.ofDays(365));
    assertThat(policy.lets(deployment("p", DeploymentState.SEALED, old, NOW), NOW)).isFalse();
    assertThat(policy.lets(deployment("p", DeploymentState.SEALED, old, old), NOW)).isTrue();
  }

  private static DeploymentRecord deployment(String id, DeploymentState state, Instant sealedAt) {
    return deployment(id, state, sealedAt, null);
  }

  private static DeploymentRecord deployment(
      String id, DeploymentState state, Instant sealedAt, @Nullable Instant publishedAt) {
    return new DeploymentRecord(
        "docs",
        id,
        state,
        null,
        null,
        "sub",
        sealedAt,
        sealedAt,
        null,
        null,
        1,
        1,
        0,
        0,
        Purge.NONE,
        "copy",
        null,
        publishedAt);
  }
}
