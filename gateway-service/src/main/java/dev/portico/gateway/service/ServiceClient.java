package dev.portico.gateway.service;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Calls to the internal interface of one service. Blocks, and only virtual threads may call it. The
 * JDK's older client is used on purpose: it can time out a body that stops arriving; for one that
 * trickles there is a {@link Deadline}.
 */
public final class ServiceClient {
  private static final int OK = 200;

  private final String service;
  private final String base;
  private final String secret;
  private final Duration connectTimeout;
  private final Duration readTimeout;

  /**
   * A client.
   *
   * @param service its name, for messages
   * @param address where it is, with or without a slash at the end
   * @param secret what is presented there
   * @param connectTimeout how long a connection may take
   * @param readTimeout how long it may say nothing
   */
  public ServiceClient(
      String service, URI address, String secret, Duration connectTimeout, Duration readTimeout) {
    this.service = service;
    this.secret = secret;
    this.connectTimeout = connectTimeout;
    this.readTimeout = readTimeout;
    String text = address.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** What a service is asked. */
  public interface Question<T> {
    /** Asks, and reads the answer whole. */
    T ask() throws IOException;
  }

  /**
   * Asks within a time, however steadily the answer trickles.
   *
   * @throws IOException when there is no whole answer by then, too
   */
  public <T> T within(Duration limit, Question<T> question) throws IOException {
    try (Deadline deadline = new Deadline(limit)) {
      try {
        return question.ask();
      } catch (IOException e) {
        if (deadline.passed()) {
          throw new IOException(service + " did not answer whole within " + limit, e);
        }
        throw e;
      }
    }
  }

  /** A call that has not been made yet. */
  public HttpURLConnection open(String method, String path) throws IOException {
    HttpURLConnection call = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    call.setRequestMethod(method);
    call.setInstanceFollowRedirects(false);
    call.setUseCaches(false);
    call.setConnectTimeout(millis(connectTimeout));
    call.setReadTimeout(millis(readTimeout));
    call.setRequestProperty("Authorization", "Bearer " + secret);
    call.setRequestProperty("Accept", "application/json");
    return call;
  }

  /**
   * Sends a body of JSON.
   *
   * @throws Unreachable when there is no connection to send it on
   */
  public static void send(HttpURLConnection call, byte[] json) throws IOException {
    call.setDoOutput(true);
    call.setRequestProperty("Content-Type", "application/json");
    call.setFixedLengthStreamingMode(json.length);
    try {
      call.connect();
    } catch (IOException e) {
      throw new Unreachable(e);
    }
    try (OutputStream out = call.getOutputStream()) {
      out.write(json);
    }
  }

  /**
   * The body of an answer with status 200.
   *
   * @throws IOException when it has another status, too
   */
  public InputStream body(HttpURLConnection call) throws IOException {
    int status = call.getResponseCode();
    if (status != OK) {
      discard(call);
      throw unexpected(call);
    }
    return new BufferedInputStream(call.getInputStream(), 1 << 16);
  }

  /** What to throw when an answer's status is none of those that were expected. */
  public IOException unexpected(HttpURLConnection call) throws IOException {
    return new UnexpectedStatus(
        service + " answered " + call.getResponseCode() + " to " + call.getURL().getPath());
  }

  /** There is no connection to the service: none of its answers can be had. */
  public static final class Unreachable extends IOException {
    private Unreachable(IOException cause) {
      super(cause.toString(), cause);
    }
  }

  /** The service is there, but does not answer what was asked. */
  public static final class UnexpectedStatus extends IOException {
    private UnexpectedStatus(String message) {
      super(message);
    }
  }

  /** Reads what is left of an error's answer, so that the connection can be used again. */
  public static void discard(HttpURLConnection call) throws IOException {
    try (InputStream rest = call.getErrorStream()) {
      if (rest != null) {
        rest.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** A duration as the client wants it. */
  public static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  /** A piece of a path or query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
