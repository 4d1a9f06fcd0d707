package dev.portico.gateway.access.rule;

/** What a request's signature is worth. */
public enum SignatureVerdict {
  /** It is good for this request, here and now. */
  VALID("is valid"),
  /** There is none. */
  MISSING("is missing"),
  /** Parts of it are missing, or cannot be read. */
  MALFORMED("cannot be read"),
  /** It names a key that is in none of the policy's groups. */
  UNKNOWN_KEY("is by an unknown key"),
  /** It is not by that key over that statement. */
  FORGED("is wrong"),
  /** It is about another address. */
  OTHER_RESOURCE("is for another address"),
  /** Its time is not yet come. */
  TOO_EARLY("is not valid yet"),
  /** Its time is over. */
  EXPIRED("has expired"),
  /** It is for other viewers' addresses. */
  OTHER_ADDRESS("is for another network address");

  private final String text;

  SignatureVerdict(String text) {
    this.text = text;
  }

  /** The end of a sentence that is safe to show. */
  public String text() {
    return text;
  }
}
