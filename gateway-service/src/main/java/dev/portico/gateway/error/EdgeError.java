package dev.portico.gateway.error;

import java.util.Locale;

/**
 * Every way in which a request can fail at the gateway: what the viewer is told and how it is
 * logged. The texts are safe: they say nothing about the inside.
 */
public enum EdgeError {
  /** The request is not well-formed HTTP, or its framing is ambiguous. */
  MALFORMED_REQUEST(400, "The request is malformed", true),
  /** Host or :authority is missing, repeated or no valid host name. */
  INVALID_HOST(400, "The host name is missing or invalid", true),
  /** The path has a broken escape, a control character, a backslash or invalid UTF-8. */
  INVALID_PATH(400, "The path is invalid", false),
  /** An encoded slash where a file of a site is named. */
  ENCODED_SLASH(400, "An encoded slash is not allowed in a path", false),
  /** A change of protocol that is not possible here, or not in this way. */
  UPGRADE_REFUSED(400, "There is no WebSocket at this address", false),
  /** What came back from the sign-in pages does not open a session. */
  SIGN_IN_FAILED(400, "The sign-in could not be completed", false),
  /** A password that the site asks for was not entered, or was wrong. */
  PASSWORD_REQUIRED(401, "This needs a password", false),
  /** Nobody is signed in, and somebody must be. */
  SIGN_IN_REQUIRED(401, "This is for people who are signed in", false),
  /** An access token that does not hold (RFC 6750, section 3.1). */
  INVALID_TOKEN(401, "The access token is not valid", false),
  /** What changes something on account of a cookie was not asked by a page of this host. */
  CROSS_ORIGIN(403, "This may only be asked by a page of this site", false),
  /** Asked over clear text, which the site's settings forbid here. */
  HTTPS_REQUIRED(403, "This address is served over HTTPS only", false),
  /** An admin has blocked the address that this comes from. */
  BLOCKED_ADDRESS(403, "Requests from your network are not answered", false),
  /** An admin has blocked this path. */
  BLOCKED_PATH(403, "This address is blocked at the moment", false),
  /** A rule of the site's does not let this request in. */
  ACCESS_DENIED(403, "What is at this address is not open to you", false),
  /** No file of this path. */
  NOT_FOUND(404, "There is nothing at this address", false),
  /** No site of this host name. */
  UNKNOWN_HOST(404, "There is no site at this host name", false),
  /** The host does not belong to this connection (RFC 9110, section 15.5.20). */
  MISDIRECTED_REQUEST(421, "This connection does not serve that host name", false),
  /** What can be done here does not include this method. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here", false),
  /** The client took too long to send its request. */
  REQUEST_TIMEOUT(408, "The request took too long to arrive", true),
  /** The site has been deleted. */
  SITE_GONE(410, "This site has been removed", false),
  /** The deployment has been deleted. */
  GONE(410, "This deployment has been removed", false),
  /** A rule of the site says that what was here is gone. */
  PATH_GONE(410, "What was at this address is gone", false),
  /** The body is larger than allowed. */
  CONTENT_TOO_LARGE(413, "The request's content is too large", true),
  /** The request line is longer than allowed. */
  URI_TOO_LONG(414, "The address is too long", true),
  /** The body is of a kind that is not understood here. */
  UNSUPPORTED_MEDIA_TYPE(415, "The request's content is of a kind that is not understood", false),
  /** An expectation other than 100-continue. */
  EXPECTATION_FAILED(417, "The expectation cannot be met", false),
  /** Too many wrong passwords from one address. */
  TOO_MANY_TRIES(429, "There were too many wrong tries", false),
  /** The header section is larger than allowed. */
  HEADERS_TOO_LARGE(431, "The request's header fields are too large", true),
  /** The viewer went away before it had its response; it is told nothing. */
  VIEWER_GONE(499, "The client closed the connection", true),
  /** The viewer took nothing of its response for too long; it is cut. */
  VIEWER_TOO_SLOW(499, "The client did not take the response", true),
  /** A bug or exhausted resource of the gateway's own. */
  INTERNAL(500, "Something went wrong here", false),
  /** The method is not known to the gateway (CONNECT, TRACE). */
  NOT_IMPLEMENTED(501, "The method is not implemented", false),
  /** No connection to the service could be made. */
  ORIGIN_UNREACHABLE(502, "The service behind this address cannot be reached", false),
  /** The service's name stands only for addresses that must not be asked. */
  ORIGIN_REFUSED(502, "The service behind this address may not be asked", false),
  /** The service's certificate is not valid for its name, or TLS failed otherwise. */
  ORIGIN_UNTRUSTED(502, "The service behind this address could not prove who it is", false),
  /** The service closed the connection before its response was whole. */
  ORIGIN_CLOSED(502, "The service behind this address gave no complete answer", false),
  /** The service answered something that is no valid HTTP. */
  ORIGIN_PROTOCOL(502, "The service behind this address gave an invalid answer", false),
  /** The service has another version by now than the one of which some has been sent. */
  ORIGIN_CHANGED(502, "What is behind this address has just changed", false),
  /** The service refused or failed an internal call. */
  ORIGIN_FAILED(502, "The service behind this address failed", false),
  /** The gateway, or one of Portico's services behind it, cannot do now what is needed. */
  UNAVAILABLE(503, "The service is not available at the moment", false),
  /** The gateway stops, and this had not finished in the time that it gives; it is cut. */
  STOPPING(503, "The service is being restarted", true),
  /** An admin has the site show a maintenance page. */
  MAINTENANCE(503, "This site is being worked on and will be back", false),
  /** A site's own authorizer gives no answer. */
  AUTHORIZER_DOWN(503, "Whether you may have this cannot be found out at the moment", false),
  /** All addresses of the service have failed too often just now. */
  ORIGIN_DOWN(503, "The service behind this address is down at the moment", false),
  /** All connections that may be made to the service are in use. */
  ORIGIN_BUSY(503, "The service behind this address is busy", false),
  /** The viewer, or the origin, wants an answer from the cache or none, and there is none. */
  NOT_CACHED(504, "The answer is not at hand and may not be fetched", false),
  /** The service took too long. */
  ORIGIN_TIMEOUT(504, "The service behind this address took too long", false),
  /** A version of HTTP that is not spoken here. */
  VERSION_NOT_SUPPORTED(505, "The version of HTTP is not supported", true);

  private final int status;
  private final String title;
  private final boolean closes;
  private final String slug = name().toLowerCase(Locale.ROOT).replace('_', '-');

  EdgeError(int status, String title, boolean closes) {
    this.status = status;
    this.title = title;
    this.closes = closes;
  }

  /** The status code that the viewer gets. */
  public int status() {
    return status;
  }

  /** One sentence for the viewer, without a full stop. */
  public String title() {
    return title;
  }

  /** Whether an HTTP/1 connection cannot be used after this error. */
  public boolean closes() {
    return closes;
  }

  /** Whether the same request may well succeed a little later: something behind is away. */
  public boolean passes() {
    return status >= 502 && status <= 504 && this != MAINTENANCE;
  }

  /**
   * Whether it is the gateway's own: neither the viewer's fault nor that of a server behind, of
   * which one site's may be dead without anything being wrong here.
   */
  public boolean own() {
    return this == INTERNAL || this == UNAVAILABLE;
  }

  /** The name in logs, metrics and problem types: {@code origin-timeout}. */
  public String category() {
    return slug;
  }

  /** The problem type (RFC 9457, section 3.1.1), a stable URI. */
  public String type() {
    return "https://portico.dev/problems/" + slug;
  }
}
