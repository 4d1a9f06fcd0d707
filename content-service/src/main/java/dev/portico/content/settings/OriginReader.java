package dev.portico.content.settings;

import dev.portico.content.settings.Origin.Failover;
import dev.portico.content.settings.Origin.Header;
import dev.portico.content.settings.Origin.Probe;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads origins. */
final class OriginReader {
  static final List<String> PROTOCOLS = List.of("https", "http");
  static final List<String> HTTP_VERSIONS = List.of("1.1", "2");
  static final int CONNECT_SECONDS = 5;
  static final int FIRST_BYTE_SECONDS = 30;
  static final int IDLE_SECONDS = 60;
  static final int ATTEMPTS = 2;
  static final OriginBreaker BREAKER = new OriginBreaker(5, 10);
  static final int PROBE_SECONDS = 10;
  static final List<Integer> FAILOVER_STATUSES = List.of(500, 502, 503, 504);

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** RFC 3986 section 3.3: segments that are not empty, each after a slash. */
  private static final String CHARACTER = "([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";

  private static final Pattern PREFIX = Pattern.compile("(/" + CHARACTER + "+)*");

  /** The same, with empty segments and a query. */
  private static final Pattern TARGET =
      Pattern.compile("/(" + CHARACTER + "|/)*(\\?(" + CHARACTER + "|[/?])*)?");

  private static final Pattern DOT_SEGMENT =
      Pattern.compile("(.*/)?(\\.|%2[eE]){1,2}([/?].*)?", Pattern.DOTALL);

  private OriginReader() {}

  static Origin read(Fields fields) {
    String id = id(fields, "id");
    String protocol = fields.word("protocol", PROTOCOLS);
    OriginBreaker breaker = fields.objectOrDefaults("breaker", OriginReader::breaker);
    return new Origin(
        id,
        protocol,
        host(fields),
        port(fields, protocol),
        pathPrefix(fields),
        fields.word("httpVersion", HTTP_VERSIONS),
        fields.whole("connectTimeoutSeconds", CONNECT_SECONDS, Limits.CONNECT_SECONDS),
        fields.whole("firstByteTimeoutSeconds", FIRST_BYTE_SECONDS, Limits.FIRST_BYTE_SECONDS),
        fields.whole("idleTimeoutSeconds", IDLE_SECONDS, Limits.IDLE_SECONDS),
        fields.whole("requestTimeoutSeconds", 0, Limits.REQUEST_SECONDS),
        fields.whole("attempts", ATTEMPTS, Limits.ATTEMPTS),
        headers(fields),
        fields.flag("verifyTls", true),
        breaker,
        fields.object("probe", OriginReader::probe),
        fields.object("failover", OriginReader::failover));
  }

  /** An id, of an origin or a policy. */
  static String id(Fields fields, String name) {
    String id = fields.required(name);
    if (!id.isEmpty() && !isId(id)) {
      fields.fault(
          name,
          "must be 1 to "
              + Limits.ID_LENGTH
              + " letters, digits, dots, hyphens and underscores, and begin with a letter or"
              + " digit");
    }
    return id;
  }

  static boolean isId(String text) {
    return text.length() <= Limits.ID_LENGTH && ID.matcher(text).matches();
  }

  private static String host(Fields fields) {
    String host = OriginHost.normalise(fields.required("host"));
    if (!host.isEmpty() && !OriginHost.name(host) && OriginHost.address(host) == null) {
      fields.fault(
          "host",
          "must be a DNS name or an address, without scheme, port, brackets and final dot;"
              + " other scripts as A-labels");
    }
    return host;
  }

  /** CloudFront's ports: none of those on which other protocols than HTTP are expected. */
  private static int port(Fields fields, String protocol) {
    int port = fields.whole("port", protocol.equals("https") ? 443 : 80, Limits.PORT);
    if (port < 1024 && port != 80 && port != 443) {
      fields.fault("port", "must be 80, 443 or from 1024 to 65535");
    }
    return port;
  }

  private static String pathPrefix(Fields fields) {
    String prefix = fields.text("pathPrefix");
    if (prefix == null || prefix.isEmpty()) {
      return "";
    }
    if (prefix.length() > Limits.PATH_LENGTH
        || !PREFIX.matcher(prefix).matches()
        || DOT_SEGMENT.matcher(prefix).matches()) {
      fields.fault(
          "pathPrefix",
          "must be an encoded path of at most "
              + Limits.PATH_LENGTH
              + " characters that begins with a slash, does not end in one,"
              + " and has no empty and no dot segments");
    }
    return prefix;
  }

  private static List<Header> headers(Fields fields) {
    var names = new HashSet<String>();
    return fields.objects(
        "headers",
        Limits.ORIGIN_HEADERS,
        header -> {
          String name = header.required("name");
          String value = header.text("value");
          header.refuse("name", name.isEmpty() ? null : HeaderRules.refusal(name));
          header.refuse("value", value == null ? null : HeaderRules.valueRefusal(value));
          if (!name.isEmpty() && !names.add(name.toLowerCase(Locale.ROOT))) {
            header.fault("name", "is there twice");
          }
          return new Header(name, value);
        });
  }

  private static OriginBreaker breaker(Fields fields) {
    return new OriginBreaker(
        fields.whole("failures", BREAKER.failures(), Limits.BREAKER_FAILURES),
        fields.whole("openSeconds", BREAKER.openSeconds(), Limits.BREAKER_SECONDS));
  }

  private static Probe probe(Fields fields) {
    String path = fields.required("path");
    if (!path.isEmpty()) {
      checkPath(fields, "path", path, true);
    }
    return new Probe(path, fields.whole("intervalSeconds", PROBE_SECONDS, Limits.PROBE_SECONDS));
  }

  /** Whether it is a path as it stands in a URL, without dot segments. */
  static boolean isPath(String path, boolean mayHaveQuery) {
    return path.length() <= Limits.PATH_LENGTH
        && TARGET.matcher(path).matches()
        && !DOT_SEGMENT.matcher(path).matches()
        && (mayHaveQuery || path.indexOf('?') < 0);
  }

  static void checkPath(Fields fields, String name, String path, boolean mayHaveQuery) {
    if (!isPath(path, mayHaveQuery)) {
      fields.fault(
          name,
          "must be an encoded path of at most "
              + Limits.PATH_LENGTH
              + " characters that begins with a slash and has no dot segments"
              + (mayHaveQuery ? "" : " and no query"));
    }
  }

  private static Failover failover(Fields fields) {
    return new Failover(
        fields.required("origin"),
        fields
            .wholes("statuses", FAILOVER_STATUSES, Limits.FAILOVER_STATUSES, Limits.ERROR_STATUS)
            .stream()
            .distinct()
            .toList());
  }
}
