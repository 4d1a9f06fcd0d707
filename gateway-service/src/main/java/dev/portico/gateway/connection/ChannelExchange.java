package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestBody;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an exchange that is the same in HTTP/1 and HTTP/2: which states a response passes,
 * how a request's body is handed on, and since when the viewer has kept it waiting.
 */
abstract class ChannelExchange implements ViewerExchange {
  /** A longer body is written in slices of this size, as fast as the viewer takes them. */
  private static final int SLICE = 65_536;

  private enum State {
    WAITING,
    STREAMING,
    ENDED
  }

  final ChannelHandlerContext ctx;
  private final ExchangeHandler handler;
  private final ViewerRequest request;
  private final Timeline timeline;
  private final IncomingBody body;
  private ViewerListener listener = ViewerListener.NONE;
  private State state = State.WAITING;
  private @Nullable HeadRules rules;
  private @Nullable ByteBuf unwritten;
  private @Nullable List<String> added;
  private boolean tunnel;
  private boolean tunnelEnded;
  private boolean gone;
  private boolean finished;
  private long expectedLength = -1;
  private long writtenLength;
  private long blockedSince;
  private long unsentBefore;

  /**
   * An exchange on the channel of {@code ctx}.
   *
   * @param body of the request
   */
  ChannelExchange(
      ChannelHandlerContext ctx,
      ExchangeHandler handler,
      ViewerRequest request,
      long millis,
      IncomingBody body) {
    this.ctx = ctx;
    this.handler = handler;
    this.request = request;
    this.timeline = new Timeline(millis, request.receivedNanos());
    this.body = body;
  }

  /** Writes a complete response; {@code body} is empty when none may be sent. */
  abstract void writeWhole(ResponseHead head, long length, ByteBuf body);

  /** Writes the head of a response whose body follows; {@code length} is -1 when not known. */
  abstract void writeHead(ResponseHead head, long length, boolean bodyFollows);

  /** Writes some of the body. */
  abstract void writeBody(ByteBuf bytes);

  /** Writes the end of a body, and fields behind it where there is a place for them. */
  abstract void writeEnd(boolean bodyFollowed, HeaderFields trailers);

  /** Writes an interim response. */
  abstract void writeInterim(ResponseHead head);

  /** Writes 101 and leaves the connection to the bytes of another protocol. */
  abstract void openTunnel(ResponseHead head, String protocol);

  /** Closes the direction to the viewer, once all that was written has left. */
  abstract void endTunnel();

  /** Makes the viewer see that the response is not whole. */
  abstract void cut();

  /** Adapts reading from the channel to {@link #bodyWanted()}. */
  abstract void readingChanged();

  /**
   * How much waits for the viewer to take it, in bytes of any scale: it is compared with itself.
   */
  abstract long unsent();

  /** The response has been written; the channel may go on. */
  abstract void responseEnded();

  @Override
  public final ViewerRequest request() {
    return request;
  }

  @Override
  public final Timeline timeline() {
    return timeline;
  }

  @Override
  public final void rules(HeadRules newRules) {
    rules = newRules;
  }

  @Override
  public final @Nullable HeadRules rules() {
    return rules;
  }

  @Override
  public final EventLoop loop() {
    return ctx.channel().eventLoop();
  }

  @Override
  public final ByteBufAllocator allocator() {
    return ctx.alloc();
  }

  @Override
  public final void listen(ViewerListener newListener) {
    listener = newListener;
  }

  @Override
  public final boolean hasBody() {
    return body.length() != 0;
  }

  @Override
  public final long bodyLength() {
    return body.length();
  }

  @Override
  public final void receiveBody(RequestBody newReceiver) {
    body.receive(newReceiver, System.nanoTime());
    readingChanged();
  }

  @Override
  public final void pauseBody() {
    body.pause();
    readingChanged();
  }

  @Override
  public final void resumeBody() {
    body.resume(System.nanoTime());
    readingChanged();
  }

  /** Whether the request's body should be read from the channel now. */
  final boolean bodyWanted() {
    return state == State.ENDED || body.wanted();
  }

  /** Takes over some of the request's body. */
  final void bodyArrived(ByteBuf bytes) {
    timeline.received(bytes.readableBytes());
    if (hasBody()) {
      body.moved(bytes.readableBytes(), System.nanoTime());
    }
    if (!bytes.isReadable() || gone || state == State.ENDED) {
      bytes.release();
    } else {
      body.arrived(bytes);
      if (body.receiver() == null) {
        readingChanged();
      }
    }
  }

  /** The request's body is complete; in a tunnel, the viewer sends no more. */
  final void bodyCompleted(HeaderFields trailers) {
    body.completed(trailers, !gone && state != State.ENDED);
    closeTunnel();
  }

  /** The request's body will never be complete; the viewer can still be told so. */
  final void breakBody(EdgeError error) {
    body.breaks();
    if (gone || state == State.ENDED) {
      return;
    }
    timeline.error(error.category());
    RequestBody receiver = body.receiver();
    if (state == State.STREAMING) {
      giveUp();
    } else if (receiver != null) {
      receiver.broken(error == EdgeError.REQUEST_TIMEOUT);
    } else {
      handler.refuse(this, error);
    }
  }

  final boolean bodyEnded() {
    return body.ended();
  }

  @Override
  public final boolean begun() {
    return state != State.WAITING;
  }

  final boolean ended() {
    return state == State.ENDED;
  }

  @Override
  public final void add(String name, String value) {
    if (added == null) {
      added = new ArrayList<>();
    }
    added.add(name);
    added.add(value);
  }

  private ResponseHead complete(ResponseHead head) {
    ResponseHead ruled = rules == null ? head : rules.sent(head, request, timeline);
    return added == null ? ruled : ruled.with(added.toArray(new String[0]));
  }

  @Override
  public final void respond(ResponseHead head, ByteBuf content) {
    if (gone || begun()) {
      content.release();
      return;
    }
    timeline.responded(head);
    int length = content.readableBytes();
    boolean sendsBody = length > 0 && mayHaveBody(head.status());
    if (sendsBody && length > 2 * SLICE) {
      // Handed over whole it would be encrypted, or pinned, at the pace of the slowest viewer.
      begin(head, length);
      unwritten = content;
      writeSlices();
      return;
    }
    state = State.ENDED;
    if (sendsBody) {
      timeline.sent(length);
      writeWhole(complete(head), length, content);
    } else {
      content.release();
      writeWhole(complete(head), length, Unpooled.EMPTY_BUFFER);
    }
    whole();
  }

  private void writeSlices() {
    ByteBuf rest = unwritten;
    while (rest != null && state == State.STREAMING && writable()) {
      write(rest.readRetainedSlice(Math.min(SLICE, rest.readableBytes())));
      if (!rest.isReadable() && state == State.STREAMING) {
        end();
      }
    }
  }

  /** The response is complete; what the viewer still sends of its request is not wanted. */
  private void whole() {
    releaseHeld();
    if (hasBody()) {
      body.awaited(System.nanoTime());
    }
    finish(true);
    responseEnded();
  }

  @Override
  public final void inform(ResponseHead head) {
    if (!gone && !begun() && request.protocol() != HttpProtocol.HTTP_1_0) {
      writeInterim(head);
    }
  }

  @Override
  public final void upgrade(ResponseHead head, String protocol) {
    if (gone || begun()) {
      return;
    }
    timeline.responded(head);
    state = State.STREAMING;
    tunnel = true;
    body.becomeTunnel();
    openTunnel(head, protocol);
  }

  /** A tunnel is over when both of its directions are. */
  private void closeTunnel() {
    if (tunnel && tunnelEnded && body.ended() && state == State.STREAMING) {
      state = State.ENDED;
      whole();
    }
  }

  @Override
  public final void begin(ResponseHead head, long length) {
    if (gone || begun()) {
      return;
    }
    timeline.responded(head);
    state = State.STREAMING;
    boolean bodyFollows = mayHaveBody(head.status());
    expectedLength = bodyFollows ? length : 0;
    writeHead(complete(head), length, bodyFollows);
  }

  @Override
  public final void write(ByteBuf bytes) {
    int length = bytes.readableBytes();
    boolean taken = !gone && state == State.STREAMING && !tunnelEnded;
    if (!taken || length == 0 || !mayHaveBody(timeline.status())) {
      bytes.release();
      return;
    }
    writtenLength += length;
    if (expectedLength >= 0 && writtenLength > expectedLength) {
      bytes.release();
      abort();
      return;
    }
    timeline.sent(length);
    writeBody(bytes);
    if (!writable()) {
      blocked();
    }
  }

  @Override
  public final void end(HeaderFields trailers) {
    if (gone || state != State.STREAMING) {
      return;
    }
    if (tunnel) {
      if (!tunnelEnded) {
        tunnelEnded = true;
        endTunnel();
        closeTunnel();
      }
      return;
    }
    boolean bodyFollowed = mayHaveBody(timeline.status());
    if (bodyFollowed && expectedLength >= 0 && writtenLength != expectedLength) {
      // Ending cleanly would make the viewer take a short body for the whole.
      abort();
      return;
    }
    state = State.ENDED;
    writeEnd(bodyFollowed, trailers);
    whole();
  }

  @Override
  public final void abort() {
    if (gone || state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    gone = true;
    finish(false);
    releaseHeld();
    cut();
  }

  /** Ends a response from the connection's side; unlike with {@link #abort()} it must be told. */
  final void giveUp() {
    if (!gone && state != State.ENDED) {
      ViewerListener told = listener;
      abort();
      told.gone();
    }
  }

  @Override
  public final boolean writable() {
    return !gone && ctx.channel().isWritable();
  }

  /** The channel takes bytes again, or no longer. */
  final void writabilityChanged() {
    if (ctx.channel().isWritable()) {
      blockedSince = 0;
      if (unwritten != null) {
        writeSlices();
      } else if (!gone && state != State.ENDED) {
        listener.writable();
      }
    } else {
      blocked();
    }
  }

  private void blocked() {
    if (blockedSince == 0) {
      blockedSince = System.nanoTime();
      unsentBefore = unsent();
    }
  }

  /** The viewer's sending side is closed. */
  final void inputClosed() {
    if (!gone && state != State.ENDED) {
      listener.inputClosed();
    }
  }

  /** The channel is closed, or is about to be: nobody is there to answer. */
  final void viewerGone() {
    boolean wasUnderWay = !gone && state != State.ENDED;
    gone = true;
    releaseHeld();
    if (wasUnderWay) {
      timeline.error(EdgeError.VIEWER_GONE.category());
      listener.gone();
    }
    state = State.ENDED;
    finish(false);
  }

  /** The viewer has just been told to send a body that it held back. */
  final void bodyAskedFor() {
    body.awaited(System.nanoTime());
  }

  /**
   * Whether the viewer sends the body that is waited for too slowly, or not at all. Where the
   * response has begun only silence counts: the two may be a conversation, in which each says
   * something now and then.
   */
  final boolean bodyTooSlow(long now, ListenerSettings limits) {
    boolean drained = state == State.ENDED;
    return body.silence(now, drained) > limits.bodyTimeout().toNanos()
        || (state != State.STREAMING && body.trickles(now, drained));
  }

  /**
   * For how long the viewer has taken nothing of what waits for it, in nanoseconds. One that takes
   * it slowly is not silent.
   */
  final long writeSilence(long now) {
    if (blockedSince == 0) {
      return 0;
    }
    long left = unsent();
    if (left != unsentBefore) {
      unsentBefore = left;
      blockedSince = now;
    }
    return now - blockedSince;
  }

  /** A response to HEAD, and some statuses, have no body (RFC 9110, section 6.4.1). */
  final boolean mayHaveBody(int status) {
    return !request.head() && status != 204 && status != 304;
  }

  private void finish(boolean whole) {
    if (!finished) {
      finished = true;
      timeline.finished(whole);
      handler.finished(this);
    }
  }

  private void releaseHeld() {
    body.release();
    if (unwritten != null) {
      unwritten.release();
      unwritten = null;
    }
  }
}
