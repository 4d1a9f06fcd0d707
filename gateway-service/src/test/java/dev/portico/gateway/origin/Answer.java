package dev.portico.gateway.origin;

import static org.awaitility.Awaitility.await;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an origin answered, and the means to go on with the call. */
final class Answer implements OriginListener {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private volatile @Nullable OriginCall call;
  private volatile @Nullable EventLoop loop;
  private volatile int status;
  private volatile long length;
  private volatile @Nullable BodyFraming framing;
  private volatile HeaderFields headers = HeaderFields.NONE;
  private volatile HeaderFields trailers = HeaderFields.NONE;
  private volatile @Nullable EdgeException failure;
  private volatile boolean ended;

  void call(OriginCall started, EventLoop on) {
    call = started;
    loop = on;
  }

  @Override
  public void continues() {
    events.add("100");
  }

  @Override
  public void informational(int code, HeaderFields fields) {
    events.add(code + " " + fields.first("link"));
  }

  @Override
  public void head(int code, HeaderFields fields, long bytes, BodyFraming how) {
    status = code;
    headers = fields;
    length = bytes;
    framing = how;
    events.add("head");
  }

  @Override
  public void upgraded(HeaderFields fields) {
    headers = fields;
    events.add("upgraded");
  }

  @Override
  public synchronized void data(ByteBuf bytes) {
    body.writeBytes(ByteBufUtil.getBytes(bytes));
    bytes.release();
  }

  @Override
  public void end(HeaderFields fields) {
    trailers = fields;
    events.add("end");
    ended = true;
  }

  @Override
  public void failed(EdgeException problem) {
    failure = problem;
    events.add("failed");
    ended = true;
  }

  /** Waits for the end or the failure. */
  Answer done() {
    await().until(() -> ended);
    return this;
  }

  /** Waits for the failure and tells which. */
  EdgeError error() {
    done();
    EdgeException problem = failure;
    if (problem == null) {
      throw new AssertionError("no failure but " + status + " " + text());
    }
    return problem.error();
  }

  @Nullable EdgeException failure() {
    return failure;
  }

  int status() {
    EdgeException problem = done().failure;
    if (problem != null) {
      throw new AssertionError("failed", problem);
    }
    return status;
  }

  /** The body so far. */
  synchronized String text() {
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  synchronized int size() {
    return body.size();
  }

  long length() {
    return length;
  }

  @Nullable BodyFraming framing() {
    return framing;
  }

  HeaderFields headers() {
    return headers;
  }

  HeaderFields trailers() {
    return trailers;
  }

  /** What the listener was told, in order, data left out. */
  List<String> events() {
    return events;
  }

  private void onLoop(Consumer<OriginCall> action) {
    EventLoop on = loop;
    OriginCall started = call;
    if (on == null || started == null) {
      throw new IllegalStateException("not sent");
    }
    on.submit(() -> action.accept(started)).syncUninterruptibly();
  }

  Answer write(String text) {
    onLoop(started -> started.write(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)));
    return this;
  }

  /** Writes so many bytes, as fast as the origin takes them, and ends. */
  void upload(long bytes) {
    byte[] block = new byte[65_536];
    for (long left = bytes; left > 0; ) {
      int size = (int) Math.min(block.length, left);
      OriginCall started = call;
      if (started == null) {
        throw new IllegalStateException("not sent");
      }
      boolean[] written = {false};
      onLoop(
          open -> {
            if (open.writable()) {
              open.write(Unpooled.wrappedBuffer(block, 0, size));
              written[0] = true;
            }
          });
      if (written[0]) {
        left -= size;
      } else {
        Thread.onSpinWait();
      }
    }
    finish();
  }

  boolean takesMore() {
    boolean[] result = {false};
    onLoop(started -> result[0] = started.writable());
    return result[0];
  }

  Answer finish(String... trailerFields) {
    HttpHeaders fields = new DefaultHttpHeaders();
    for (int i = 0; i < trailerFields.length; i += 2) {
      fields.add(trailerFields[i], trailerFields[i + 1]);
    }
    onLoop(started -> started.end(fields));
    return this;
  }

  void pause() {
    onLoop(OriginCall::pause);
  }

  void resume() {
    onLoop(OriginCall::resume);
  }

  void cancel() {
    onLoop(OriginCall::cancel);
  }
}
