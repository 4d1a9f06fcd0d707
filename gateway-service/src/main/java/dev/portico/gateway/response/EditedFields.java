package dev.portico.gateway.response;

import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.routing.rules.FieldEdits;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Answers: what do a deployment's {@code _headers} make of a head? They come last, over what the
 * gateway sets by itself.
 */
public final class EditedFields {
  private static final int NOT_MODIFIED = 304;

  /** What would have an error kept as if it were the file. */
  private static final Set<String> CACHING =
      Set.of(
          "cache-control",
          "cdn-cache-control",
          "netlify-cdn-cache-control",
          "surrogate-control",
          "expires",
          "pragma");

  // RFC 9110, section 15.4.5: what describes the representation is not repeated.
  private static final Set<String> DESCRIBING =
      Set.of("content-type", "content-language", "content-disposition");

  private EditedFields() {}

  /**
   * The head as the deployment wants it.
   *
   * @param head with all that the gateway sets by itself
   * @param policy what the deployment wants
   * @param strictTransport whether the browser may be told to use HTTPS only (RFC 6797, section
   *     7.2)
   */
  public static ResponseHead of(ResponseHead head, FilePolicy policy, boolean strictTransport) {
    if (policy.edits().isEmpty() && policy.vary().isEmpty()) {
      return head;
    }
    ResponseHead.Builder edited = head.toBuilder();
    for (FieldEdits.Edit edit : policy.edits().edits()) {
      String name = edit.name().toLowerCase(Locale.ROOT);
      if (applies(name, head) && (strictTransport || !name.equals("strict-transport-security"))) {
        apply(edited, name, edit);
      }
    }
    if (!policy.vary().isEmpty()) {
      edited.set("Vary", joined(edited.build(), policy.vary()));
    }
    if (policy.preview()) {
      edited.set("X-Robots-Tag", "noindex");
    }
    return edited.build();
  }

  /** Those of a path that are right for a page in place of an error, whatever its status. */
  public static FieldEdits forErrors(FieldEdits edits) {
    return edits.isEmpty()
        ? edits
        : new FieldEdits(edits.edits().stream().filter(edit -> isForErrors(edit.name())).toList());
  }

  private static boolean isForErrors(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !DESCRIBING.contains(lower) && !CACHING.contains(lower);
  }

  private static void apply(ResponseHead.Builder edited, String name, FieldEdits.Edit edit) {
    String value = edit.value();
    if (value == null) {
      edited.remove(name);
    } else {
      edited.set(edit.name(), name.equals("vary") ? joined(edited.build(), value) : value);
    }
  }

  /** All of its lines: CORS has one of its own. */
  private static String joined(ResponseHead head, String more) {
    StringJoiner all = new StringJoiner(", ");
    head.forEach(
        (name, value) -> {
          if (name.equalsIgnoreCase("vary")) {
            all.add(value);
          }
        });
    return all.add(more).toString();
  }

  private static boolean applies(String name, ResponseHead head) {
    int status = head.status();
    boolean describing = DESCRIBING.contains(name);
    if (status >= 400) {
      return isForErrors(name);
    }
    if (status == NOT_MODIFIED) {
      return !describing;
    }
    String type = head.first("Content-Type");
    boolean parts = type != null && type.startsWith("multipart/byteranges");
    return !(parts && name.equals("content-type"));
  }
}
