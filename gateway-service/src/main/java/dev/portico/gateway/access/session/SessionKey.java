package dev.portico.gateway.access.session;

import dev.portico.gateway.access.SecretHash;

/**
 * What a session is remembered under.
 *
 * @param site its name; a session of one site is none at another
 * @param hash of the opaque value
 */
record SessionKey(String site, SecretHash hash) {
  /** Characters of base64url in a value of 256 bits. */
  private static final int LENGTH = 43;

  /** Whether a text can be a session's value; nobody is asked about any other. */
  static boolean possible(String value) {
    if (value.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = value.charAt(i);
      boolean base64url =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!base64url) {
        return false;
      }
    }
    return true;
  }

  /** The key of a value that is {@link #possible}. */
  static SessionKey of(String site, String value) {
    return new SessionKey(site, SecretHash.of(value));
  }
}
