package dev.portico.content.settings;

/** The limits of a document. docs/settings.md lists them; CloudFront's, where it has one. */
final class Limits {
  /** Bytes of the stored document, secrets included: a sixth of what an item of the table holds. */
  static final int DOCUMENT_BYTES = 64 * 1024;

  /** Bytes of a shared policy as it is stored. Gateways hold all of them. */
  static final int POLICY_BYTES = 16 * 1024;

  /** Shared policies that one document can name: a transaction notes each of them. */
  static final int SHARED_POLICIES = 10;

  static final int ORIGINS = 25;
  static final int CACHE_POLICIES = 20;
  static final int ORIGIN_REQUEST_POLICIES = 20;
  static final int RESPONSE_HEADERS_POLICIES = 20;
  static final int BEHAVIOURS = 75;
  static final int ID_LENGTH = 64;
  static final int PATTERN_LENGTH = 255;

  static final int PATH_LENGTH = 255;
  static final int ORIGIN_HEADERS = 10;
  static final int HEADER_NAME_LENGTH = 256;
  static final int HEADER_VALUE_LENGTH = 1783;
  static final int FAILOVER_STATUSES = 20;

  /** Names of header fields, of cookies and of query parameters in a cache key, each. */
  static final int KEY_NAMES = 10;

  /** Aliases that a portico.yml has keys of their own for. */
  static final int CONTEXT_ALIASES = 20;

  /** Characters of all names in a cache key. */
  static final int KEY_CHARACTERS = 1024;

  static final Range CONNECT_SECONDS = new Range(1, 10);
  static final Range FIRST_BYTE_SECONDS = new Range(1, 120);
  static final Range IDLE_SECONDS = new Range(1, 3600);
  static final Range REQUEST_SECONDS = new Range(0, 86_400);
  static final Range ATTEMPTS = new Range(1, 3);
  static final Range BREAKER_FAILURES = new Range(1, 1000);
  static final Range BREAKER_SECONDS = new Range(1, 3600);
  static final Range PROBE_SECONDS = new Range(1, 3600);
  static final Range PORT = new Range(1, 65_535);
  static final Range ERROR_STATUS = new Range(400, 599);
  static final Range ANY_STATUS = new Range(0, 599);

  /** Up to a week. */
  static final Range EARLIER_ASSETS_SECONDS =
      new Range(0, SettingsDocument.MOST_EARLIER_ASSETS_SECONDS);

  /** Up to 100 years, as CloudFront. */
  static final Range TTL_SECONDS = new Range(0, 3_153_600_000L);

  static final int VIEWER_FACTS = 10;

  /** Fields of the team's own in a response headers policy. */
  static final int RESPONSE_HEADERS = 10;

  /** Characters of names and values of all of them. */
  static final int RESPONSE_HEADER_CHARACTERS = 10_240;

  static final int REMOVED_HEADERS = 20;

  /** Origins and names of fields in a policy's CORS, each. */
  static final int CORS_NAMES = 100;

  /** CloudFront's console has it so. */
  static final long CORS_MAX_AGE_DEFAULT = 600;

  static final Range CORS_MAX_AGE = new Range(0, 31_536_000);
  static final Range TRANSPORT_SECONDS = new Range(0, Integer.MAX_VALUE);

  /** Of the share of responses that have Server-Timing, in per cent. */
  static final int SAMPLING_DECIMALS = 4;

  static final int ACCESS_POLICIES = 20;

  /** Of exempt and of required addresses, each. */
  static final int ACCESS_ADDRESSES = 100;

  static final int ACCESS_GROUPS = 50;

  /** Claims that must hold, and claims that are forwarded, each. */
  static final int ACCESS_CLAIMS = 20;

  static final int ACCESS_CLAIM_VALUES = 50;
  static final int ACCESS_SCOPES = 20;
  static final int PASSWORD_LEAST = 8;
  static final int PASSWORD_MOST = 256;
  static final long PASSWORD_REMEMBERED_DEFAULT = 86_400;

  /** From five minutes to 30 days. */
  static final Range PASSWORD_REMEMBERED = new Range(300, 2_592_000);

  static final int AUTHORIZER_HEADERS = 20;
  static final Range AUTHORIZER_SECONDS = new Range(0, 3600);
  static final int PUBLIC_KEYS = 20;
  static final int KEY_GROUPS = 10;

  /** CloudFront's. */
  static final int KEYS_OF_A_GROUP = 5;

  /** Origins whose pages may call Portico's API, of one site. */
  static final int API_ORIGINS = 20;

  static final int SIGN_IN_TITLE = 60;
  static final int SIGN_IN_LOGO = 200;

  private Limits() {}
}
