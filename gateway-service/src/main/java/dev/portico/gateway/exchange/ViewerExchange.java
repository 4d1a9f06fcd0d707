package dev.portico.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One request under way and the means to answer it, whatever version of HTTP the viewer speaks. All
 * methods are called on {@link #loop()}. A response is either {@link #respond} alone, or {@link
 * #begin}, any number of {@link #write} and then {@link #end} or {@link #abort}; interim responses
 * may come before. After the viewer has gone, writing is harmless and does nothing.
 */
public interface ViewerExchange {
  /** The request. */
  ViewerRequest request();

  /**
   * The request with what proves who it is from, which later stages do not find in {@link
   * #request()}: for asking who that is, and nothing else.
   */
  default ViewerRequest proven() {
    return request();
  }

  /** When its things happened. */
  Timeline timeline();

  /** Says what the site wants of the response's head, whoever makes it. */
  void rules(HeadRules rules);

  /** What the site wants of the response's head; null for nothing of its own. */
  @Nullable HeadRules rules();

  /** Where it is written down why it is answered as it is; null, as nearly always: nowhere. */
  default @Nullable Explanation explanation() {
    return null;
  }

  /** The event loop of the viewer's connection. */
  EventLoop loop();

  /** Where buffers for the response come from. */
  ByteBufAllocator allocator();

  /** Registers who is told about the viewer; the last one registered counts. */
  void listen(ViewerListener listener);

  /** Whether the request has a body, possibly an empty one. */
  boolean hasBody();

  /** The length of the request's body in bytes, or -1 when it is not known. */
  long bodyLength();

  /**
   * Hands the request's body, as it arrives, to {@code receiver}. Without this call it is dropped.
   */
  void receiveBody(RequestBody receiver);

  /** Stops reading the request's body; what has been read already may still arrive. */
  void pauseBody();

  /** Reads the request's body on after {@link #pauseBody()}. */
  void resumeBody();

  /** Sends {@code 100 Continue} when the viewer waits for it. */
  void sendContinue();

  /**
   * Sends an interim response (RFC 9110, section 15.2), like 103 Early Hints; does nothing once the
   * response has begun, and for HTTP/1.0, which knows none.
   *
   * @param head with a status of 102 to 199
   */
  void inform(ResponseHead head);

  /**
   * Changes the protocol, as an HTTP/1.1 request asked (101; RFC 9110, section 7.8). From here on
   * the request's body is whatever the viewer sends, {@link #write} sends bytes as they are, and
   * {@link #end()} closes that direction alone.
   *
   * @param head its fields but for Upgrade and Connection
   * @param protocol the new protocol
   */
  void upgrade(ResponseHead head, String protocol);

  /** Whether fields after the body reach the viewer, so that they may be announced. */
  boolean takesTrailers();

  /**
   * Adds a field line to the head of the response, whatever that will be. Does nothing once the
   * response has begun.
   */
  void add(String name, String value);

  /**
   * Answers with a whole response.
   *
   * @param head without framing fields, which are added here
   * @param body all of it, empty for none; its ownership passes. For HEAD it is what GET would send
   */
  void respond(ResponseHead head, ByteBuf body);

  /**
   * Starts a response whose body follows.
   *
   * @param head without framing fields, which are added here
   * @param length the body's length in bytes, or -1 when it is not known
   */
  void begin(ResponseHead head, long length);

  /** Writes some of the body; the buffer's ownership passes. Flushed soon by itself. */
  void write(ByteBuf bytes);

  /** The body is complete. */
  default void end() {
    end(HeaderFields.NONE);
  }

  /**
   * The body is complete.
   *
   * @param trailers fields after it, in lower or any case; dropped unless the viewer takes them and
   *     the framing has a place for them (RFC 9110, section 6.5)
   */
  void end(HeaderFields trailers);

  /**
   * Cuts the response short so that the viewer can tell: the connection is closed (HTTP/1) or the
   * stream reset (HTTP/2), never ended cleanly.
   */
  void abort();

  /** Whether a response has been started. */
  boolean begun();

  /** Whether the viewer takes more now; otherwise wait for {@link ViewerListener#writable()}. */
  boolean writable();
}
