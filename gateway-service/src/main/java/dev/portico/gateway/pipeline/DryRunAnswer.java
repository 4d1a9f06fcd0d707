package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.Explanation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is compared of one answer.
 *
 * @param status null where an origin would have to say it
 * @param deployment which answers
 * @param fileDeployment that of the file where it is another one
 * @param sha256 the digest of the file that answers
 * @param redirect the rule that holds
 * @param fetch the URL that an origin would be asked for
 * @param access what each access policy decides, as an explanation says it; null where there is
 *     none
 * @param policies the access policies themselves, with all that they ask for
 * @param fields the header fields that mean something by being other ones
 */
record DryRunAnswer(
    @Nullable Integer status,
    @Nullable String deployment,
    @Nullable String fileDeployment,
    @Nullable String sha256,
    @Nullable String redirect,
    @Nullable String fetch,
    @Nullable Object access,
    List<Object> policies,
    Map<String, String> fields) {
  /** Differ with each deployment, or each moment, and mean nothing by it. */
  private static final Set<String> PASSED_OVER =
      Set.of("last-modified", "date", "age", "cache-status", "x-cache", "set-cookie");

  /** What an explanation says. */
  static DryRunAnswer of(Explanation why) {
    return new DryRunAnswer(
        why.noted("status") instanceof Integer status ? status : null,
        text(why.noted("deployment")),
        text(why.noted(Explained.FILE_DEPLOYMENT)),
        inside(why, "file", "sha256"),
        inside(why, "redirect", "rule"),
        inside(why, "fetch", "url"),
        why.noted("access"),
        why.weighed(),
        fields(why));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable String inside(Explanation why, String name, String field) {
    return why.noted(name) instanceof Map<?, ?> said ? text(said.get(field)) : null;
  }

  private static Map<String, String> fields(Explanation why) {
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Explanation.Line line : why.lines()) {
      if (PASSED_OVER.stream().noneMatch(line.name()::equalsIgnoreCase)) {
        fields.merge(line.name(), line.value(), (one, other) -> one + ", " + other);
      }
    }
    return fields;
  }
}
