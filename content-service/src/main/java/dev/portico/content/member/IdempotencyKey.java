package dev.portico.content.member;

import dev.portico.content.error.Problem;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By what a caller tells a repeat of a request from a new one
 * (draft-ietf-httpapi-idempotency-key-header-07). Only its hash is kept, together with whom it is
 * of: other callers and other operations have keys of their own.
 *
 * @param hash in hexadecimal
 */
record IdempotencyKey(String hash) {
  static final String HEADER = "Idempotency-Key";

  /** Printable ASCII, as a structured field's string (RFC 9651 section 3.3.3) has it. */
  private static final Pattern FORM = Pattern.compile("[ -~]{1,255}");

  /**
   * The key of this header; null when there is none.
   *
   * @param header a string in quotes, as the draft has it, or the same without them
   * @param operation what it is a key of, such as {@code token.create}
   * @throws Problem 400 when it is empty, longer than 255 characters, or not printable ASCII
   */
  static @Nullable IdempotencyKey of(@Nullable String header, Caller caller, String operation) {
    if (header == null) {
      return null;
    }
    String key = header.strip();
    if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
      key = key.substring(1, key.length() - 1);
    }
    if (!FORM.matcher(key).matches()) {
      throw Problem.invalid(HEADER, "must be of 1 to 255 printable ASCII characters");
    }
    byte[] hash = DeployTokens.sha256(operation + '\n' + caller.id() + '\n' + key);
    return new IdempotencyKey(HexFormat.of().formatHex(hash));
  }
}
