package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.RequestBody;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange without a viewer: it goes through the stages that every request goes through, so that
 * what is said of a request is what would be done with it, and keeps the head of the answer instead
 * of sending it. Nothing is fetched for it.
 */
final class RecordingExchange implements ViewerExchange {
  private final ViewerExchange asker;
  private final ViewerRequest request;
  private final Timeline timeline;
  private final Explanation explanation = new Explanation(true);
  private final Consumer<Explanation> then;
  private final List<String> added = new ArrayList<>();
  private @Nullable HeadRules rules;
  private boolean over;

  /**
   * An exchange that works where another one does.
   *
   * @param asker who wants to know
   * @param request what is supposed to be asked
   * @param then told once, on the asker's event loop
   */
  RecordingExchange(ViewerExchange asker, ViewerRequest request, Consumer<Explanation> then) {
    this.asker = asker;
    this.request = request;
    this.then = then;
    this.timeline = new Timeline(System.currentTimeMillis(), request.receivedNanos());
  }

  private void finish(@Nullable ResponseHead head) {
    if (over) {
      return;
    }
    over = true;
    Explained.answered(explanation, head, added, timeline.error());
    then.accept(explanation);
  }

  @Override
  public ViewerRequest request() {
    return request;
  }

  @Override
  public Timeline timeline() {
    return timeline;
  }

  @Override
  public void rules(HeadRules newRules) {
    rules = newRules;
  }

  @Override
  public @Nullable HeadRules rules() {
    return rules;
  }

  @Override
  public Explanation explanation() {
    return explanation;
  }

  @Override
  public EventLoop loop() {
    return asker.loop();
  }

  @Override
  public ByteBufAllocator allocator() {
    return asker.allocator();
  }

  @Override
  public void listen(ViewerListener listener) {}

  @Override
  public boolean hasBody() {
    return false;
  }

  @Override
  public long bodyLength() {
    return 0;
  }

  @Override
  public void receiveBody(RequestBody receiver) {
    receiver.end(HeaderFields.NONE);
  }

  @Override
  public void pauseBody() {}

  @Override
  public void resumeBody() {}

  @Override
  public void sendContinue() {}

  @Override
  public void inform(ResponseHead head) {}

  @Override
  public void upgrade(ResponseHead head, String protocol) {
    finish(head);
  }

  @Override
  public boolean takesTrailers() {
    return false;
  }

  @Override
  public void add(String name, String value) {
    added.add(name);
    added.add(value);
  }

  @Override
  public void respond(ResponseHead head, ByteBuf body) {
    body.release();
    finish(head);
  }

  @Override
  public void begin(ResponseHead head, long length) {
    finish(head);
  }

  @Override
  public void write(ByteBuf bytes) {
    bytes.release();
  }

  @Override
  public void end(HeaderFields trailers) {}

  @Override
  public void abort() {
    finish(null);
  }

  @Override
  public boolean begun() {
    return over;
  }

  @Override
  public boolean writable() {
    return true;
  }
}
