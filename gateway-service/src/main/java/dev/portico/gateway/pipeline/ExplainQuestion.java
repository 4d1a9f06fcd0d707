package dev.portico.gateway.pipeline;

import dev.portico.gateway.connection.SupposedRequest;
import dev.portico.gateway.exchange.FieldSyntax;
import dev.portico.gateway.exchange.ViewerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be explained, as its asker describes it.
 *
 * @param url of {@code http} or {@code https}, or a path at the site's own name
 * @param method its method
 * @param fields its header fields: names and values in turn
 * @param deployment the deployment that is supposed to be live, or an alias; null for what is
 */
record ExplainQuestion(
    String url, String method, List<String> fields, @Nullable String deployment) {
  /** How many header fields it may have. */
  static final int MOST_HEADERS = 64;

  /** More are not told. */
  private static final int MOST_FAULTS = 100;

  /** Copies the list. */
  ExplainQuestion {
    fields = List.copyOf(fields);
  }

  /**
   * One thing that is wrong with a question.
   *
   * @param field the parameter at fault
   * @param reason safe to show
   */
  record Fault(String field, String reason) {}

  /** What is wrong with a question. */
  static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    InvalidException(String field, String reason) {
      this(List.of(new Fault(field, reason)));
    }

    InvalidException(Collection<Fault> faults) {
      super("a question that cannot be answered");
      this.faults = faults.stream().limit(MOST_FAULTS).toList();
    }

    /** All that was found, one at least. */
    List<Fault> faults() {
      return faults;
    }

    /** The same where a parameter is given under another name. */
    InvalidException at(String field, String name) {
      return new InvalidException(
          faults.stream()
              .map(each -> each.field().equals(field) ? new Fault(name, each.reason()) : each)
              .toList());
    }
  }

  /** Reads the query of {@code GET /v1/sites/{site}/explain}. */
  static ExplainQuestion ofQuery(@Nullable String query) throws InvalidException {
    Map<String, String> once = new HashMap<>();
    List<String> fields = new ArrayList<>();
    Set<Fault> faults = new LinkedHashSet<>();
    for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
      if (faults.size() == MOST_FAULTS) {
        break;
      }
      try {
        read(pair, once, fields);
      } catch (InvalidException e) {
        faults.addAll(e.faults());
      }
    }
    String url = once.get("url");
    String method = once.getOrDefault("method", "GET");
    if (url == null && faults.stream().noneMatch(each -> each.field().equals("url"))) {
      faults.add(new Fault("url", "is missing"));
    }
    if (!FieldSyntax.isToken(method)) {
      faults.add(new Fault("method", "is no method"));
    }
    if (url == null || !faults.isEmpty()) {
      throw new InvalidException(faults);
    }
    return new ExplainQuestion(url, method, fields, once.get("deployment"));
  }

  private static void read(String pair, Map<String, String> once, List<String> fields)
      throws InvalidException {
    int equals = pair.indexOf('=');
    String name = decoded("query", equals < 0 ? pair : pair.substring(0, equals));
    String value = decoded(name, equals < 0 ? "" : pair.substring(equals + 1));
    switch (name) {
      case "url", "method", "deployment" -> {
        if (once.putIfAbsent(name, value) != null) {
          throw new InvalidException(name, "is there more than once");
        }
      }
      case "header" -> field(value, fields);
      default -> throw new InvalidException(name, "there is no such parameter");
    }
  }

  private static String decoded(String name, String text) throws InvalidException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidException(name, "is not percent-encoded as it should be");
    }
  }

  /** Reads a field like {@code Accept: text/html} and adds it to others. */
  static void field(String line, List<String> fields) throws InvalidException {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw new InvalidException("header", "is not like Name: value");
    }
    if (fields.size() / 2 == MOST_HEADERS) {
      throw new InvalidException("header", "there are more than " + MOST_HEADERS);
    }
    fields.add(line.substring(0, colon));
    fields.add(line.substring(colon + 1).strip());
  }

  /**
   * Holds it to what a request may have that somebody sends.
   *
   * @param mostLine the longest request line, in bytes
   * @param mostFields the largest header section, in bytes
   */
  void check(int mostLine, int mostFields) throws InvalidException {
    List<Fault> faults = new ArrayList<>();
    if (url.length() > mostLine) {
      faults.add(new Fault("url", "is longer than " + mostLine + " bytes"));
    }
    long size = 0;
    for (int i = 0; i < fields.size(); i += 2) {
      // As a line of HTTP/1.1 has it: a colon and a space between, CRLF behind.
      size += fields.get(i).length() + fields.get(i + 1).length() + 4L;
    }
    if (size > mostFields) {
      faults.add(new Fault("header", "fields have more than " + mostFields + " bytes"));
    }
    if (!faults.isEmpty()) {
      throw new InvalidException(faults);
    }
  }

  /**
   * The request, as it would come in.
   *
   * @param asker from where
   * @param ownHost the host of the site's own name, for a path alone
   */
  SupposedRequest supposed(ViewerRequest asker, String ownHost) throws InvalidException {
    String scheme = asker.scheme();
    String authority = ownHost;
    String target = url;
    if (url.startsWith("/")) {
      boolean usual = asker.port() == (asker.secure() ? 443 : 80);
      authority = usual ? ownHost : ownHost + ':' + asker.port();
    } else {
      int start = url.indexOf("://") + 3;
      scheme = start < 3 ? "" : url.substring(0, start - 3);
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw new InvalidException("url", "is no URL of http or https, and no path");
      }
      int end = start;
      while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
        end++;
      }
      authority = url.substring(start, end);
      String rest = url.substring(end);
      target = rest.startsWith("/") ? rest : '/' + rest;
    }
    int fragment = target.indexOf('#');
    if (fragment >= 0) {
      target = target.substring(0, fragment);
    }
    try {
      return SupposedRequest.of(
          method, scheme, authority, target, fields, asker.clientAddress(), asker.receivedNanos());
    } catch (IllegalArgumentException e) {
      throw new InvalidException("header", String.valueOf(e.getMessage()));
    }
  }
}
