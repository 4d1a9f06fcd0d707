package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection: takes what the decoder read, has one exchange at a time, and keeps the
 * requests that a viewer sent ahead (pipelining, RFC 9112, section 9.3.2) until it is their turn,
 * so that responses cannot overtake each other. It writes bytes; there is no encoder behind it.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements DrainableConnection {
  /** Decoded messages that may wait before reading stops; a request is at least two. */
  private static final int MAX_PENDING = 64;

  /** How long a connection that comes while the gateway stops has for a request, in ms. */
  private static final long LATE_MILLIS = 1_000;

  /** How long a closing connection still reads so that its last words arrive. */
  private static final long LINGER_MILLIS = 2_000;

  private final Listener listener;
  private final RequestDoor door;
  private final Deque<Object> pending = new ArrayDeque<>(4);
  private final ChannelHandlerContext ctx;
  private final StrictRequestDecoder decoder;
  private final Http1Patience patience;
  private final LateFlush flush;
  private @Nullable Tunnel tunnel;
  private @Nullable Http1Exchange exchange;
  private boolean requestEnded = true;
  private boolean processing;
  private boolean inputClosed;
  private boolean closing;
  private boolean draining;
  private boolean unreadable;
  private boolean lingering;
  private boolean partialHead;
  private boolean early;
  private boolean fromPending;
  private boolean decodingHeld;
  private boolean removed;

  /** {@code ctx} is that of the decoder before this handler: what is written there goes out. */
  Http1Connection(
      Listener listener,
      RequestDoor door,
      ChannelHandlerContext ctx,
      StrictRequestDecoder decoder) {
    this.listener = listener;
    this.door = door;
    this.ctx = ctx;
    this.decoder = decoder;
    this.patience = new Http1Patience(this, ctx.channel(), listener);
    this.flush = new LateFlush(ctx);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    listener.connections().add(this);
    draining = listener.draining();
    if (draining) {
      ctx.executor().schedule(this::drainLate, LATE_MILLIS, TimeUnit.MILLISECONDS);
    }
    patience.watch();
  }

  /** The connection turned out to be of another protocol, or is closed. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    removed = true;
    listener.connections().remove(this);
    patience.stop();
  }

  private void drainLate() {
    if (!removed) {
      drain();
    }
  }

  /** Bytes have arrived that the decoder has not yet made into a request. */
  void bytesArrived() {
    if (exchange == null && !partialHead) {
      partialHead = true;
      patience.waits();
    } else if (decoder.held()) {
      early = true;
      updateReading();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    flush.reads();
    if (message instanceof ByteBuf bytes) {
      tunnelled(bytes);
    } else if (closing) {
      discard(message);
    } else if (processing || !pending.isEmpty() || mustWait()) {
      pending.addLast(message);
      updateReading();
    } else {
      process(message);
    }
  }

  private void tunnelled(ByteBuf bytes) {
    Http1Exchange current = exchange;
    if (current == null || closing) {
      bytes.release();
    } else {
      current.bodyArrived(bytes);
    }
  }

  private void discard(Object message) {
    Http1Exchange current = exchange;
    if (message instanceof LastHttpContent last && current != null) {
      current.bodyCompleted(Http1Fields.trailers(last));
    }
    ReferenceCountUtil.release(message);
  }

  /** A next request waits while one is under way, or while the viewer does not take responses. */
  private boolean mustWait() {
    return requestEnded && (exchange != null || !ctx.channel().isWritable());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush.readEnds();
  }

  private void process(Object message) {
    processing = true;
    try {
      if (message instanceof HttpRequest head) {
        requestStarts(head);
      }
      if (message instanceof HttpContent content) {
        bodyPart(content);
      }
    } finally {
      processing = false;
    }
  }

  private void requestStarts(HttpRequest message) {
    long millis = System.currentTimeMillis();
    long nanos = System.nanoTime();
    partialHead = false;
    requestEnded = false;
    // First: it counts what came, also what Connection names.
    EdgeError fault = Http1Fields.fault(message, listener.settings().maxHeaderFields());
    unreadable = message.decoderResult().isFailure();
    // The line is of the message that failed, which is the last; others may still wait before it.
    RequestHead head = Http1Fields.head(message, unreadable ? decoder.unreadLine() : null);
    Admission admission =
        fault == null ? door.admit(head, millis, nanos) : door.refuse(head, fault, millis, nanos);
    Http1Exchange next =
        new Http1Exchange(
            this,
            ctx,
            listener.handler(),
            admission.request(),
            millis,
            IncomingBody.of(Http1Fields.bodyLength(head.headers()), listener.settings(), nanos));
    exchange = next;
    switch (admission) {
      case Admission.Admitted ignored -> listener.handler().handle(next);
      case Admission.Refused refused -> refuse(next, refused.error());
    }
  }

  private void refuse(Http1Exchange refused, EdgeError error) {
    if (error.closes()) {
      refused.closeAfterwards();
    }
    listener.handler().refuse(refused, error);
  }

  private void bodyPart(HttpContent part) {
    Http1Exchange current = exchange;
    if (current == null || requestEnded) {
      part.release();
      return;
    }
    if (part.decoderResult().isFailure()) {
      part.release();
      requestEnded = true;
      brokenBody(current);
      return;
    }
    current.bodyArrived(part.content());
    if (part instanceof LastHttpContent last) {
      requestEnded = true;
      current.bodyCompleted(Http1Fields.trailers(last));
      if (current.ended()) {
        nextRequest();
      } else if (current.upgradable() && !fromPending) {
        // What follows may be another protocol: it stays as it is until that is decided. Behind a
        // request that was itself sent ahead something may have been decoded already.
        decoder.hold();
      }
    }
  }

  private void brokenBody(Http1Exchange current) {
    unreadable = true;
    current.closeAfterwards();
    current.breakBody(EdgeError.MALFORMED_REQUEST);
  }

  /** The current exchange has written its response. */
  void responseEnded() {
    Http1Exchange current = exchange;
    if (current == null) {
      return;
    }
    if (current.closes()) {
      closeAfterWrites();
    } else if (requestEnded) {
      nextRequest();
    } else {
      updateReading();
    }
  }

  /** Whether nothing behind the request has been taken for HTTP. */
  boolean mayBecomeTunnel() {
    return decoder.held();
  }

  /** Leaves the connection to the bytes of another protocol, those that have come already too. */
  Tunnel becomeTunnel() {
    Tunnel opened = new Tunnel(ctx.channel(), ctx.pipeline().get(SslHandler.class) != null);
    tunnel = opened;
    requestEnded = false;
    early = false;
    decoder.becomeTunnel();
    decodeHeld();
    return opened;
  }

  /** Goes on with what came while the decoder was held. */
  private void decodeHeld() {
    decodingHeld = true;
    ctx.executor()
        .execute(
            () -> {
              decodingHeld = false;
              ChannelHandlerContext before = ctx.pipeline().context(HeadWatch.class);
              if (before != null && ctx.channel().isActive()) {
                before.fireChannelRead(Unpooled.EMPTY_BUFFER);
                before.fireChannelReadComplete();
                updateReading();
                closeIfDone();
              }
            });
  }

  private void nextRequest() {
    exchange = null;
    if (decoder.held()) {
      decoder.release();
      partialHead = early;
      early = false;
      decodeHeld();
    }
    patience.waits();
    if (!processing) {
      processPending();
    }
  }

  private void processPending() {
    fromPending = true;
    while (!closing && !pending.isEmpty() && !mustWait()) {
      process(pending.removeFirst());
    }
    fromPending = false;
    updateReading();
    closeIfDone();
  }

  /** Nothing is under way, and nothing more is expected. */
  private void closeIfDone() {
    boolean idle = exchange == null && tunnel == null && pending.isEmpty() && !decodingHeld;
    if (idle && (inputClosed || draining)) {
      closeAfterWrites();
    }
  }

  /** Writes bytes; they are flushed at the end of this read, or soon. */
  void write(ByteBuf bytes) {
    ctx.write(bytes, ctx.voidPromise());
    flush.written();
  }

  /** Stops reading while it would only fill memory, starts again when there is room. */
  void updateReading() {
    Http1Exchange current = exchange;
    boolean bodyHasRoom = current == null || requestEnded || current.bodyWanted();
    boolean room = bodyHasRoom && !early && pending.size() < MAX_PENDING;
    ctx.channel().config().setAutoRead(closing || room);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Http1Exchange current = exchange;
    if (current != null) {
      current.writabilityChanged();
    }
    if (context.channel().isWritable() && !processing) {
      processPending();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelInputShutdownReadComplete) {
      inputClosed();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  private void inputClosed() {
    if (inputClosed) {
      return;
    }
    inputClosed = true;
    Http1Exchange current = exchange;
    Tunnel open = tunnel;
    if (closing) {
      if (lingering) {
        ctx.close();
      } // Otherwise the last bytes are still on their way, and the end of them closes.
    } else if (open != null && current != null) {
      current.bodyCompleted(HeaderFields.NONE);
      open.inputClosed();
    } else if (current != null && !requestEnded) {
      ctx.close();
    } else if (current == null) {
      closeIfDone();
    } else {
      current.inputClosed();
    }
  }

  /** Closes once all that was written has left, reading on for a while so that it is not lost. */
  void closeAfterWrites() {
    if (closing) {
      return;
    }
    closing = true;
    decoder.release();
    patience.waits();
    releasePending();
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (hasUnreadInput() && !inputClosed && ctx.channel().isActive()) {
                linger();
              } else {
                ctx.close();
              }
            });
  }

  private boolean hasUnreadInput() {
    Http1Exchange current = exchange;
    return unreadable
        || (current == null ? partialHead : current.hasBody() && !current.bodyEnded());
  }

  /** RFC 9112, section 9.6: closing with unread input would reset the connection. */
  private void linger() {
    Channel channel = ctx.channel();
    lingering = true;
    updateReading();
    if (channel instanceof DuplexChannel duplex && ctx.pipeline().get(SslHandler.class) == null) {
      duplex.shutdownOutput();
    }
    ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Closes at once, in the middle of a response. */
  void cut() {
    closing = true;
    patience.waits();
    releasePending();
    // What was written before goes out first: a proxy's viewer keeps what it has.
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  boolean draining() {
    return draining;
  }

  @Override
  public void drain() {
    draining = true;
    closeIfDone();
  }

  @Override
  public void graceOver() {
    Http1Exchange current = exchange;
    if (current != null) {
      current.timeline().error(EdgeError.STOPPING.category());
    }
  }

  @Override
  public Channel channel() {
    return ctx.channel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    listener.connections().remove(this);
    releasePending();
    Http1Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.viewerGone();
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ConnectionFailures.log(cause);
    Http1Exchange current = exchange;
    if (current != null) {
      current.timeline().error(ConnectionFailures.error(cause).category());
    }
    context.close();
  }

  private void releasePending() {
    while (!pending.isEmpty()) {
      ReferenceCountUtil.release(pending.removeFirst());
    }
  }

  /** The exchange under way, null between requests. */
  @Nullable Http1Exchange exchange() {
    return exchange;
  }

  /** Whether nothing more is answered. */
  boolean closing() {
    return closing;
  }

  /** Whether some of a request's head has arrived and not yet all. */
  boolean partialHead() {
    // What is complete waits for its turn, and not for the viewer.
    return partialHead && pending.isEmpty();
  }

  /** Answers a viewer that does not come to the end of its request's head. */
  void headTooSlow(long now) {
    RequestHead unknown =
        new RequestHead(
            HttpProtocol.HTTP_1_1, RefusedTarget.NO_METHOD, "", null, HeaderFields.NONE);
    long millis = System.currentTimeMillis();
    Admission.Refused refused = door.refuse(unknown, EdgeError.REQUEST_TIMEOUT, millis, now);
    IncomingBody none = IncomingBody.of(0, listener.settings(), now);
    Http1Exchange slow =
        new Http1Exchange(this, ctx, listener.handler(), refused.request(), millis, none);
    exchange = slow;
    unreadable = true;
    refuse(slow, refused.error());
  }
}
