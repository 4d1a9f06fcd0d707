package dev.portico.content.deployment.rules;

/** How much a deployment may say about its paths. docs/rules.md lists these limits. */
public final class RuleLimits {
  /** Most bytes of {@code _redirects}. */
  public static final int REDIRECTS_BYTES = 2 << 20;

  /** Most rules in {@code _redirects}. */
  public static final int REDIRECTS = 10_000;

  /** Most bytes of {@code _headers}. */
  public static final int HEADERS_BYTES = 256 << 10;

  /** Most rules in {@code _headers}: paths with fields under them. */
  public static final int HEADERS = 1_000;

  /** Most characters of one line. */
  public static final int LINE = 4_096;

  /** Most segments of a rule's path. */
  public static final int SEGMENTS = 32;

  /** Most placeholders in a destination, and in one field of a rule. */
  public static final int PLACEHOLDERS = 8;

  /** Most characters of one field of a rule, name and all its values: gateways send it so. */
  public static final int FIELD = 8_192;

  /** Most characters of all fields of one rule, names and values. */
  public static final int FIELDS = 20_480;

  /** Most faults that are listed: the reader has enough to start with. */
  public static final int FAULTS = 100;

  private RuleLimits() {}
}
