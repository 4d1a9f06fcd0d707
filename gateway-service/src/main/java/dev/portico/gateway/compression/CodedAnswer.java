package dev.portico.gateway.compression;

import dev.portico.gateway.cache.semantics.EntityTag;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a request, compressed where it comes plain. What the origin sends while a piece is
 * being compressed waits, and the origin is not read meanwhile. All state but the encoder's belongs
 * to the event loop; the encoder belongs to whoever works.
 */
final class CodedAnswer implements OriginListener {
  /** Bodies known to be no longer than this, in bytes, are compressed on the event loop. */
  static final long AT_ONCE = 16_384;

  private static final Logger LOG = LoggerFactory.getLogger(CodedAnswer.class);

  private final Compressor compressor;
  private OriginRequest request;
  private final ContentCoding coding;
  private final EventLoop loop;
  private final OriginListener listener;
  private @Nullable OriginCall call;
  private @Nullable Encoder encoder;
  private List<ByteBuf> waiting = new ArrayList<>();
  private boolean crowdedOut;
  private boolean flushes;
  private boolean atOnce;
  private boolean working;
  private boolean ended;
  private boolean over;
  private boolean pausedByReader;
  private HeaderFields trailers = HeaderFields.NONE;

  /**
   * The answer to a request that is not sent yet.
   *
   * @param coding what a plain answer is put in; identity: only what it varies by is said
   */
  CodedAnswer(
      Compressor compressor,
      OriginRequest request,
      ContentCoding coding,
      EventLoop loop,
      OriginListener listener) {
    this.compressor = compressor;
    this.request = request;
    this.coding = coding;
    this.loop = loop;
    this.listener = listener;
  }

  /** What the request is controlled by; the call to the origin has told nothing yet. */
  OriginCall to(OriginCall asked) {
    call = asked;
    return new Controlled();
  }

  // From the origin.

  @Override
  public void continues() {
    listener.continues();
  }

  @Override
  public void informational(int status, HeaderFields headers) {
    listener.informational(status, headers);
  }

  @Override
  public void upgraded(HeaderFields headers) {
    listener.upgraded(headers);
  }

  @Override
  public void writable() {
    listener.writable();
  }

  @Override
  public void head(int status, HeaderFields fields, long length, BodyFraming framing) {
    if (status == 206 && CodedHead.mayBePartOfCoded(fields)) {
      if (isAskedByDate()) {
        askForAll();
      } else {
        listener.head(status, CodedHead.part(fields), length, framing);
      }
    } else if (status == 304) {
      listener.head(status, asksWeakly() ? CodedHead.unchanged(fields) : fields, length, framing);
    } else if (!CodedHead.mayBeCoded(status, fields)) {
      listener.head(status, fields, length, framing);
    } else if (begins(length, framing)) {
      flushes = length < 0;
      listener.head(status, CodedHead.coded(fields, coding), -1, framing);
    } else {
      if (crowdedOut) {
        listener.uncoded();
      }
      listener.head(status, CodedHead.varying(fields), length, framing);
    }
  }

  private boolean isAskedByDate() {
    String ifRange = request.headers().get("if-range");
    return ifRange != null && EntityTag.parse(ifRange) == null && request.bodyLength() == 0;
  }

  /**
   * The viewer wants a part of what it has by its date, which is that of what may have been
   * compressed for it as well (RFC 9110, section 13.1.5): it gets all.
   */
  private void askForAll() {
    current().cancel();
    request = request.whole();
    OriginCall again = compressor.sendAgain(request, loop, this);
    call = again;
    if (pausedByReader) {
      again.pause();
    }
  }

  private OriginCall current() {
    return Objects.requireNonNull(call, "not sent");
  }

  /**
   * Whether it is asked about what may have been compressed, which has a weak tag where its
   * origin's 304 has a strong one. Who names strong tags alone has what was not.
   */
  private boolean asksWeakly() {
    List<String> asked = request.headers().getAll("if-none-match");
    return asked.isEmpty()
        ? coding != ContentCoding.IDENTITY
        : asked.stream().anyMatch(tags -> tags.contains("W/\""));
  }

  /** Whether it is compressed from here on; of HEAD there is no more than the head. */
  private boolean begins(long length, BodyFraming framing) {
    if (coding == ContentCoding.IDENTITY || !CodedHead.isOfSize(length) || !Encoder.has(coding)) {
      return false;
    }
    if (request.method().equals("HEAD")) {
      return true;
    }
    if (framing == BodyFraming.NONE) {
      return false;
    }
    atOnce = length >= 0 && length <= AT_ONCE;
    crowdedOut = (!atOnce && compressor.isBusy()) || !compressor.enter();
    if (crowdedOut) {
      return false;
    }
    try {
      encoder = new Encoder(coding, ByteBufAllocator.DEFAULT, compressor::leave);
      return true;
    } catch (Throwable e) { // also an Error, of a library or of memory: the place is given back
      compressor.leave();
      LOG.warn("A response is not compressed", e);
      return false;
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    Encoder used = encoder;
    if (over) {
      bytes.release();
    } else if (used == null) {
      listener.data(bytes);
    } else if (atOnce) {
      encodeHere(used, bytes);
    } else {
      waiting.add(bytes);
      work(used);
    }
  }

  @Override
  public void end(HeaderFields after) {
    Encoder used = encoder;
    if (over) {
      return;
    }
    ended = true;
    trailers = used == null ? after : CodedHead.trailers(after);
    if (used == null) {
      finished();
    } else if (atOnce) {
      endHere(used);
    } else {
      work(used);
    }
  }

  @Override
  public void failed(EdgeException failure) {
    if (!over) {
      giveUp();
      listener.failed(failure);
    }
  }

  private void encodeHere(Encoder used, ByteBuf bytes) {
    ByteBuf made;
    try {
      made = used.encode(bytes, false);
    } catch (Throwable e) { // also an Error: whoever waits for the answer must be told
      broken(e);
      return;
    }
    tell(made);
  }

  private void endHere(Encoder used) {
    ByteBuf made;
    try {
      made = used.finish();
    } catch (Throwable e) { // as above
      broken(e);
      return;
    }
    tell(made);
    if (!over) {
      finished();
    }
  }

  private void tell(ByteBuf bytes) {
    if (bytes.isReadable()) {
      listener.data(bytes);
    } else {
      bytes.release();
    }
  }

  private void finished() {
    giveUp();
    listener.end(trailers);
  }

  private void broken(Throwable cause) {
    OriginCall asked = call;
    giveUp();
    if (asked != null) {
      asked.cancel();
    }
    listener.failed(
        new EdgeException(EdgeError.INTERNAL, "the response could not be compressed", cause));
  }

  /** Nothing more is told. The encoder is closed by whoever works with it, or else here. */
  private void giveUp() {
    over = true;
    waiting.forEach(ByteBuf::release);
    waiting = new ArrayList<>();
    Encoder used = encoder;
    if (used != null && !working) {
      encoder = null;
      used.close();
    }
  }

  // On other threads.

  private void work(Encoder used) {
    if (working || over || (waiting.isEmpty() && !ended)) {
      pace();
      return;
    }
    List<ByteBuf> pieces = waiting;
    boolean last = ended;
    waiting = new ArrayList<>();
    working = true;
    try {
      compressor.execute(() -> encodeThere(used, pieces, last));
    } catch (RejectedExecutionException e) {
      working = false;
      pieces.forEach(ByteBuf::release);
      broken(e);
      return;
    }
    pace();
  }

  /** Whatever happens, all pieces are released and the event loop is told. */
  private void encodeThere(Encoder used, List<ByteBuf> pieces, boolean last) {
    List<ByteBuf> made = new ArrayList<>(pieces.size() + 1);
    Throwable failure = null;
    for (int i = 0; i < pieces.size(); i++) {
      if (failure != null) {
        pieces.get(i).release();
        continue;
      }
      try {
        made.add(used.encode(pieces.get(i), flushes && !last && i == pieces.size() - 1));
      } catch (Throwable e) { // also an Error: nobody else would end the wait
        failure = e;
      }
    }
    try {
      if (last && failure == null) {
        made.add(used.finish());
      }
    } catch (Throwable e) { // as above
      failure = e;
    }
    Throwable found = failure;
    try {
      loop.execute(() -> encoded(used, made, last, found));
    } catch (RejectedExecutionException e) {
      made.forEach(ByteBuf::release);
      used.close();
    }
  }

  private void encoded(
      Encoder used, List<ByteBuf> made, boolean last, @Nullable Throwable failure) {
    working = false;
    if (over) {
      made.forEach(ByteBuf::release);
      encoder = null;
      used.close();
      return;
    }
    if (failure != null) {
      made.forEach(ByteBuf::release);
      broken(failure);
      return;
    }
    for (ByteBuf piece : made) {
      if (over) {
        piece.release();
      } else {
        tell(piece);
      }
    }
    if (over) {
      return;
    }
    if (last) {
      finished();
    } else {
      work(used);
    }
  }

  // To the origin.

  /** It is read on when both the reader and the compressor take more. */
  private void pace() {
    OriginCall asked = call;
    if (asked == null || over) {
      return;
    }
    if (pausedByReader || working) {
      asked.pause();
    } else {
      asked.resume();
    }
  }

  /** The call as whoever waits for the answer has it. */
  private final class Controlled implements OriginCall {
    @Override
    public void write(ByteBuf bytes) {
      current().write(bytes);
    }

    @Override
    public void end(HttpHeaders after) {
      current().end(after);
    }

    @Override
    public boolean writable() {
      return current().writable();
    }

    @Override
    public void pause() {
      pausedByReader = true;
      pace();
    }

    @Override
    public void resume() {
      pausedByReader = false;
      pace();
    }

    @Override
    public void cancel() {
      if (!over) {
        giveUp();
      }
      current().cancel();
    }
  }
}
