package dev.portico.content.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an invalidation may name. */
class BatchTest {
  private static Batch batch(
      @Nullable String reference, @Nullable List<String> paths, @Nullable List<String> tags) {
    return Batch.of(new InvalidationRequest(reference, paths, tags));
  }

  private static List<FieldError> faults(
      @Nullable String reference, @Nullable List<String> paths, @Nullable List<String> tags) {
    Problem problem = catchThrowableOfType(Problem.class, () -> batch(reference, paths, tags));
    assertThat(problem.status()).isEqualTo(400);
    return problem.errors();
  }

  @Test
  void namesEachPathAndTagOnceAndInOrder() {
    Batch batch = batch("r", List.of("/b*", "/a", "/b*", "/*"), List.of("y", "x", "y"));
    assertThat(batch.paths()).containsExactly("/*", "/a", "/b*");
    assertThat(batch.tags()).containsExactly("x", "y");
    assertThat(batch.wildcards()).isEqualTo(2);
    assertThat(batch.singlePaths()).isEqualTo(1);
  }

  @Test
  void theSameContentHasTheSameFingerprintHoweverItIsOrdered() {
    byte[] one = batch("r", List.of("/a", "/b"), List.of("x")).fingerprint();
    assertThat(batch("other", List.of("/b", "/a", "/b"), List.of("x")).fingerprint())
        .isEqualTo(one);
    assertThat(batch("r", List.of("/a"), List.of("x")).fingerprint()).isNotEqualTo(one);
    assertThat(batch("r", List.of("/a", "/b"), null).fingerprint()).isNotEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "*", "http://a/", "/a*b", "/**", "/a?b", "/a b", "/a#b", "/a\nb"})
  void refusesWhatIsNoPath(String path) {
    assertThat(faults("r", List.of("/good", path), null))
        .singleElement()
        .extracting(FieldError::field)
        .isEqualTo("paths[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/*", "/a", "/A/", "/a*", "/%20", "/100%", "/ü", "/a/*"})
  void takesPaths(String path) {
    assertThat(batch("r", List.of(path), null).paths()).containsExactly(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a,b", "ü", "a\tb"})
  void refusesWhatIsNoTag(String tag) {
    assertThat(faults("r", null, List.of(tag)))
        .singleElement()
        .extracting(FieldError::field)
        .isEqualTo("tags[0]");
  }

  @Test
  void lengthsAreBounded() {
    String path = "/" + "a".repeat(InvalidationLimits.PATH - 1);
    assertThat(batch("r", List.of(path), null).paths()).containsExactly(path);
    assertThat(faults("r", List.of(path + "a"), null)).hasSize(1);
    String tag = "t".repeat(InvalidationLimits.TAG);
    assertThat(batch("r", null, List.of(tag)).tags()).containsExactly(tag);
    assertThat(faults("r", null, List.of(tag + "t"))).hasSize(1);
    String reference = "r".repeat(InvalidationLimits.REFERENCE);
    assertThat(batch(reference, List.of("/"), null).reference()).isEqualTo(reference);
    assertThat(faults(reference + "r", List.of("/"), null)).hasSize(1);
  }

  @Test
  void theWholeIsBounded() {
    String long1 = "/" + "a".repeat(3_000);
    List<String> many = IntStream.range(0, 100).mapToObj(i -> long1 + i).toList();
    Problem problem = catchThrowableOfType(Problem.class, () -> batch("r", many, null));
    assertThat(problem.status()).isEqualTo(413);
  }

  /** It would be refused however long its sender waits. */
  @Test
  void whatCouldNeverBeInProgressIsTooLarge() {
    List<String> paths = IntStream.range(0, 3_001).mapToObj(i -> "/" + i).toList();
    List<String> wildcards = IntStream.range(0, 16).mapToObj(i -> "/" + i + "*").toList();
    List<String> tags = IntStream.range(0, 3_001).mapToObj(i -> "t" + i).toList();
    assertThat(batch("r", paths.subList(1, 3_001), null).singlePaths()).isEqualTo(3_000);
    assertThat(batch("r", wildcards.subList(1, 16), null).wildcards()).isEqualTo(15);
    assertThat(batch("r", null, tags.subList(1, 3_001)).tags()).hasSize(3_000);
    assertThat(tooLarge(paths, null)).contains("3000 paths, not 3001");
    assertThat(tooLarge(wildcards, null)).contains("15 paths with a wildcard");
    assertThat(tooLarge(null, tags)).contains("3000 tags");
  }

  private static String tooLarge(@Nullable List<String> paths, @Nullable List<String> tags) {
    Problem problem = catchThrowableOfType(Problem.class, () -> batch("r", paths, tags));
    assertThat(problem.status()).isEqualTo(413);
    return String.valueOf(problem.getMessage());
  }

  @Test
  void everyFaultIsNamedAndOnlySoMany() {
    assertThat(faults(null, List.of("a", "b"), List.of("c d")))
        .extracting(FieldError::field)
        .containsExactly("callerReference", "paths[0]", "paths[1]", "tags[0]");
    assertThat(faults("r", null, null)).extracting(FieldError::field).containsExactly("paths");
    assertThat(faults("r", List.of(), List.of())).hasSize(1);
    assertThat(faults("r", Collections.nCopies(500, "a"), null)).hasSize(100);
  }
}
