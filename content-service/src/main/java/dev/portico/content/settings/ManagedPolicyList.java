package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * CloudFront's managed policies, which settings can name without having them, in CloudFront's
 * order.
 *
 * @param items of all three kinds
 */
@Serdeable
@Schema(name = "ManagedPolicies")
public record ManagedPolicyList(List<Entry> items) {
  /** All that there are. */
  public static final ManagedPolicyList ALL = new ManagedPolicyList(all());

  /** Keeps an unmodifiable copy. */
  public ManagedPolicyList {
    items = List.copyOf(items);
  }

  /**
   * A managed policy.
   *
   * @param id by which settings name it; its name does, too
   * @param name as CloudFront's console has it
   * @param policy what it says, with every default filled in
   */
  @Serdeable
  @Schema(name = "ManagedPolicy")
  public record Entry(String id, String name, PolicyDocument policy) {}

  private static List<Entry> all() {
    return Stream.of(
            entries(
                ManagedPolicies.all(),
                CachePolicy::id,
                policy -> new PolicyDocument(PolicyKind.CACHE.text(), policy, null, null)),
            entries(
                ManagedOriginRequestPolicies.all(),
                OriginRequestPolicy::id,
                policy -> new PolicyDocument(PolicyKind.ORIGIN_REQUEST.text(), null, policy, null)),
            entries(
                ManagedResponsePolicies.all(),
                ResponseHeadersPolicy::id,
                policy ->
                    new PolicyDocument(PolicyKind.RESPONSE_HEADERS.text(), null, null, policy)))
        .flatMap(Function.identity())
        .toList();
  }

  private static <T> Stream<Entry> entries(
      List<ManagedIndex.Managed<T>> policies,
      Function<T, String> id,
      Function<T, PolicyDocument> document) {
    return policies.stream()
        .map(
            each -> new Entry(id.apply(each.policy()), each.name(), document.apply(each.policy())));
  }
}
