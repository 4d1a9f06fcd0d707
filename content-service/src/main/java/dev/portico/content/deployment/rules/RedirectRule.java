package dev.portico.content.deployment.rules;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code _redirects}.
 *
 * @param line its number, from 1
 * @param scheme {@code http} or {@code https} where the rule is for one host; else null
 * @param host the host, in lower case, that the rule is for; null for every one
 * @param path what paths it is for, percent-encoded: literal segments, {@code :name} for any one
 *     segment, {@code *} at the end for all that follows
 * @param query parameters that must be there: name to value, or to {@code :name} for any value
 * @param to where it leads, percent-encoded, with {@code :name} and {@code :splat} for what was
 *     found; null with 404 and 410 for the page that answers anyway
 * @param status 200, 301, 302, 303, 307, 308, 404 or 410
 * @param impliedStatus whether the line has none: then it is 301, unless the site's conventions
 *     have it otherwise
 * @param force whether it holds where there is a file, too
 * @param languages one of which the viewer must prefer, in lower case; empty for any
 * @param cookies of which the viewer must have one; empty for any
 * @param roles groups of which the signed-in viewer must be in one; empty for any viewer
 * @param contexts kinds of host it is for: {@code production}, {@code preview}, {@code alias:} with
 *     a name; empty for any
 */
public record RedirectRule(
    int line,
    @Nullable String scheme,
    @Nullable String host,
    String path,
    Map<String, String> query,
    @Nullable String to,
    int status,
    boolean impliedStatus,
    boolean force,
    List<String> languages,
    List<String> cookies,
    List<String> roles,
    List<String> contexts) {
  /** Keeps unmodifiable copies. */
  public RedirectRule {
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    languages = List.copyOf(languages);
    cookies = List.copyOf(cookies);
    roles = List.copyOf(roles);
    contexts = List.copyOf(contexts);
  }
}
