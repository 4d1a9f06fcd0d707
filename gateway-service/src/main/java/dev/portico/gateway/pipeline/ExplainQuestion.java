package dev.portico.gateway.pipeline;

import dev.portico.gateway.connection.SupposedRequest;
import dev.portico.gateway.exchange.FieldSyntax;
import dev.portico.gateway.exchange.ViewerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  /** Copies the list. */
  ExplainQuestion {
    fields = List.copyOf(fields);
  }

  /** What is wrong with a question. */
  static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    InvalidException(String field, String reason) {
      super(reason);
      this.field = field;
    }

    /** The parameter at fault. */
    String field() {
      return field;
    }

    /** What is wrong with it: safe to show. */
    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** Reads the query of {@code GET /v1/sites/{site}/explain}. */
  static ExplainQuestion ofQuery(@Nullable String query) throws InvalidException {
    String url = null;
    String method = "GET";
    String deployment = null;
    List<String> fields = new ArrayList<>();
    for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded("query", equals < 0 ? pair : pair.substring(0, equals));
      String value = decoded(name, equals < 0 ? "" : pair.substring(equals + 1));
      switch (name) {
        case "url" -> url = value;
        case "method" -> method = value;
        case "deployment" -> deployment = value;
        case "header" -> field(value, fields);
        default -> throw new InvalidException(name, "there is no such parameter");
      }
    }
    if (url == null) {
      throw new InvalidException("url", "is missing");
    }
    return new ExplainQuestion(url, method, fields, deployment);
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
    if (url.length() > mostLine) {
      throw new InvalidException("url", "is longer than " + mostLine + " bytes");
    }
    long size = 0;
    for (int i = 0; i < fields.size(); i += 2) {
      // As a line of HTTP/1.1 has it: a colon and a space between, CRLF behind.
      size += fields.get(i).length() + fields.get(i + 1).length() + 4L;
    }
    if (size > mostFields) {
      throw new InvalidException("header", "fields have more than " + mostFields + " bytes");
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
    if (!FieldSyntax.isToken(method)) {
      throw new InvalidException("method", "is no method");
    }
    try {
      return SupposedRequest.of(
          method, scheme, authority, target, fields, asker.clientAddress(), asker.receivedNanos());
    } catch (IllegalArgumentException e) {
      throw new InvalidException("header", String.valueOf(e.getMessage()));
    }
  }
}
