package dev.portico.content.deployment.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment says about how its paths are answered, free of faults.
 *
 * @param redirects in order; the first that matches counts
 * @param headers in order; all that match count
 */
public record SiteRules(List<RedirectRule> redirects, List<HeaderRule> headers) {
  /** Of a deployment that says nothing. */
  public static final SiteRules NONE = new SiteRules(List.of(), List.of());

  /** Where the redirects stand in a deployment. */
  public static final String REDIRECTS = "/_redirects";

  /** Where the headers stand in a deployment. */
  public static final String HEADERS = "/_headers";

  /** Keeps unmodifiable copies. */
  public SiteRules {
    redirects = List.copyOf(redirects);
    headers = List.copyOf(headers);
  }

  /**
   * Reads the two files.
   *
   * @param redirects the bytes of {@code _redirects}, null when there is none
   * @param headers the bytes of {@code _headers}, null when there is none
   * @throws InvalidRulesException when anything is wrong with them
   */
  public static SiteRules parse(byte @Nullable [] redirects, byte @Nullable [] headers) {
    RuleFaults faults = new RuleFaults();
    SiteRules rules =
        new SiteRules(
            redirects == null ? List.of() : RedirectsFile.parse(redirects, faults),
            headers == null ? List.of() : HeadersFile.parse(headers, faults));
    faults.throwFound();
    return rules;
  }

  /** Whether it says nothing. */
  public boolean isEmpty() {
    return redirects.isEmpty() && headers.isEmpty();
  }

  /** What is wrong with a file that is longer than it may be. */
  public static InvalidRulesException tooLong(String path, long most) {
    String file = path.substring(1);
    return new InvalidRulesException(
        List.of(new RuleFault(file, 1, "the file has more than " + most + " bytes")));
  }
}
