package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    var all = new ArrayList<Entry>();
    ManagedPolicies.all()
        .forEach(
            each ->
                all.add(
                    entry(
                        each.policy().id(),
                        each.name(),
                        PolicyKind.CACHE,
                        each.policy(),
                        null,
                        null)));
    ManagedOriginRequestPolicies.all()
        .forEach(
            each ->
                all.add(
                    entry(
                        each.policy().id(),
                        each.name(),
                        PolicyKind.ORIGIN_REQUEST,
                        null,
                        each.policy(),
                        null)));
    ManagedResponsePolicies.all()
        .forEach(
            each ->
                all.add(
                    entry(
                        each.policy().id(),
                        each.name(),
                        PolicyKind.RESPONSE_HEADERS,
                        null,
                        null,
                        each.policy())));
    return all;
  }

  private static Entry entry(
      String id,
      String name,
      PolicyKind kind,
      @Nullable CachePolicy cache,
      @Nullable OriginRequestPolicy originRequest,
      @Nullable ResponseHeadersPolicy responseHeaders) {
    return new Entry(
        id, name, new PolicyDocument(kind.text(), cache, originRequest, responseHeaders));
  }
}
