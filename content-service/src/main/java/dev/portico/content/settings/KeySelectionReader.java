package dev.portico.content.settings;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which header fields, cookies or query parameters a policy selects. */
final class KeySelectionReader {
  private static final List<String> MODES =
      List.of(
          KeySelection.MODE_NONE,
          KeySelection.MODE_ONLY,
          KeySelection.MODE_ALL_EXCEPT,
          KeySelection.MODE_ALL);

  /** A policy with all header fields in its key would cache nothing; CloudFront has neither. */
  private static final List<String> KEY_HEADER_MODES =
      List.of(KeySelection.MODE_NONE, KeySelection.MODE_ONLY);

  private static final Pattern PARAMETER = Pattern.compile("[!-~&&[^&=#]]{1,128}");

  private KeySelectionReader() {}

  /** A selection, which selects nothing when it is absent. */
  static KeySelection read(Fields fields, String name, Function<Fields, KeySelection> reader) {
    KeySelection read = fields.object(name, reader);
    return read == null ? KeySelection.NONE : read;
  }

  /** Header fields in a cache key. */
  static KeySelection keyHeaders(Fields fields) {
    return read(fields, KEY_HEADER_MODES, (mode, name) -> HeaderRules.keyRefusal(name), true);
  }

  /** Header fields that go to origins without being in the key. */
  static KeySelection forwardedHeaders(Fields fields) {
    return read(
        fields,
        MODES,
        (mode, name) ->
            mode.equals(KeySelection.MODE_ONLY)
                ? HeaderRules.forwardRefusal(name)
                : HeaderRules.token(name) ? null : "is no name of a header field",
        true);
  }

  static KeySelection cookies(Fields fields) {
    return read(
        fields,
        MODES,
        (mode, name) -> HeaderRules.token(name) ? null : "is no name of a cookie",
        false);
  }

  static KeySelection query(Fields fields) {
    return read(
        fields,
        MODES,
        (mode, name) ->
            PARAMETER.matcher(name).matches()
                ? null
                : "must be a name as written in the query, without &, = and #",
        false);
  }

  private interface Judge {
    @Nullable String refusal(String mode, String name);
  }

  private static KeySelection read(Fields fields, List<String> modes, Judge judge, boolean fold) {
    String mode = fields.wordIfRight("mode", modes);
    List<String> given = fields.texts("names", List.of(), Limits.KEY_NAMES);
    List<String> names =
        fold ? given.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList() : given;
    for (int i = 0; i < names.size(); i++) {
      String refusal = judge.refusal(mode == null ? KeySelection.MODE_NONE : mode, names.get(i));
      if (refusal != null) {
        fields.fault("names[" + i + ']', refusal);
      } else if (names.indexOf(names.get(i)) < i) {
        fields.fault("names[" + i + ']', "is there twice");
      }
    }
    if (mode == null) {
      return new KeySelection(KeySelection.MODE_NONE, List.of());
    }
    boolean named =
        mode.equals(KeySelection.MODE_ONLY) || mode.equals(KeySelection.MODE_ALL_EXCEPT);
    if (named == names.isEmpty()) {
      fields.fault("names", named ? "must name something with this mode" : "needs a mode for it");
    }
    return new KeySelection(mode, names);
  }
}
