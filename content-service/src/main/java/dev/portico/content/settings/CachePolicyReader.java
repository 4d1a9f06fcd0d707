package dev.portico.content.settings;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads cache policies. */
final class CachePolicyReader {
  static final long DEFAULT_TTL = 86_400;
  static final long MAX_TTL = 31_536_000;

  private static final List<String> MODES =
      List.of(
          KeySelection.MODE_NONE,
          KeySelection.MODE_ONLY,
          KeySelection.MODE_ALL_EXCEPT,
          KeySelection.MODE_ALL);

  /** A policy with all header fields in its key would cache nothing; CloudFront has neither. */
  private static final List<String> HEADER_MODES =
      List.of(KeySelection.MODE_NONE, KeySelection.MODE_ONLY);

  private static final Pattern PARAMETER = Pattern.compile("[!-~&&[^&=#]]{1,128}");

  private CachePolicyReader() {}

  static CachePolicy read(Fields fields) {
    String id = OriginReader.id(fields, "id");
    if (ManagedPolicies.find(id).isPresent()) {
      fields.fault("id", "is that of a managed cache policy of CloudFront");
    }
    long least = fields.wholeLong("minTtlSeconds", 0, Limits.TTL_SECONDS);
    long most = fields.wholeLong("maxTtlSeconds", Math.max(MAX_TTL, least), Limits.TTL_SECONDS);
    // As CloudFront: what is not given gives way to what is.
    long otherwise = Math.max(least, Math.min(DEFAULT_TTL, most));
    long normal = fields.wholeLong("defaultTtlSeconds", otherwise, Limits.TTL_SECONDS);
    checkOrder(fields, least, normal, most);
    KeySelection headers = selection(fields, "headers", CachePolicyReader::headers);
    KeySelection cookies = selection(fields, "cookies", CachePolicyReader::cookies);
    KeySelection query = selection(fields, "query", CachePolicyReader::query);
    checkLength(fields, headers, cookies, query);
    return new CachePolicy(
        id,
        least,
        normal,
        most,
        fields.flag("unsafeMinTtl", false),
        headers,
        cookies,
        query,
        fields.flag("sortQuery", false),
        fields.flag("gzip", true),
        fields.flag("brotli", true),
        fields.seconds("errorTtlSeconds", Limits.ERROR_STATUS, Limits.TTL_SECONDS),
        fields.flag("viewerDirectives", false));
  }

  private static void checkOrder(Fields fields, long least, long normal, long most) {
    if (most < least) {
      fields.fault("maxTtlSeconds", "is less than minTtlSeconds");
    } else if (normal < least) {
      fields.fault("defaultTtlSeconds", "is less than minTtlSeconds");
    } else if (normal > most) {
      fields.fault("defaultTtlSeconds", "is more than maxTtlSeconds");
    }
  }

  private static void checkLength(Fields fields, KeySelection... selections) {
    int characters =
        Stream.of(selections).flatMap(each -> each.names().stream()).mapToInt(String::length).sum();
    if (characters > Limits.KEY_CHARACTERS) {
      fields.fault(
          "headers",
          "with cookies and query has names of "
              + characters
              + " characters, more than "
              + Limits.KEY_CHARACTERS);
    }
  }

  private static KeySelection selection(
      Fields fields, String name, Function<Fields, KeySelection> reader) {
    KeySelection read = fields.object(name, reader);
    return read == null ? KeySelection.NONE : read;
  }

  private static KeySelection headers(Fields fields) {
    KeySelection read = read(fields, HEADER_MODES, HeaderRules::keyRefusal, true);
    return new KeySelection(read.mode(), read.names());
  }

  private static KeySelection cookies(Fields fields) {
    return read(
        fields, MODES, name -> HeaderRules.token(name) ? null : "is no name of a cookie", false);
  }

  private static KeySelection query(Fields fields) {
    return read(
        fields,
        MODES,
        name ->
            PARAMETER.matcher(name).matches()
                ? null
                : "must be a name as written in the query, without &, = and #",
        false);
  }

  private interface Judge {
    @Nullable String refusal(String name);
  }

  private static KeySelection read(Fields fields, List<String> modes, Judge judge, boolean fold) {
    String mode = fields.wordIfRight("mode", modes);
    List<String> given = fields.texts("names", List.of(), Limits.KEY_NAMES);
    List<String> names =
        fold ? given.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList() : given;
    for (int i = 0; i < names.size(); i++) {
      String refusal = judge.refusal(names.get(i));
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
