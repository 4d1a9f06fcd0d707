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
import org.jspecify.annotations.Nullable;

/** An exchange that stands for another one, in all but what is said in it. */
abstract class ForwardingExchange implements ViewerExchange {
  final ViewerExchange original;
  private final ViewerRequest request;

  ForwardingExchange(ViewerExchange original) {
    this(original, original.request());
  }

  /** One that later stages see with another request. */
  ForwardingExchange(ViewerExchange original, ViewerRequest request) {
    this.original = original;
    this.request = request;
  }

  @Override
  public ViewerRequest request() {
    return request;
  }

  @Override
  public ViewerRequest proven() {
    return original.proven();
  }

  @Override
  public Timeline timeline() {
    return original.timeline();
  }

  @Override
  public void rules(HeadRules rules) {
    original.rules(rules);
  }

  @Override
  public @Nullable HeadRules rules() {
    return original.rules();
  }

  @Override
  public @Nullable Explanation explanation() {
    return original.explanation();
  }

  @Override
  public EventLoop loop() {
    return original.loop();
  }

  @Override
  public ByteBufAllocator allocator() {
    return original.allocator();
  }

  @Override
  public void listen(ViewerListener listener) {
    original.listen(listener);
  }

  @Override
  public boolean hasBody() {
    return original.hasBody();
  }

  @Override
  public long bodyLength() {
    return original.bodyLength();
  }

  @Override
  public void receiveBody(RequestBody receiver) {
    original.receiveBody(receiver);
  }

  @Override
  public void pauseBody() {
    original.pauseBody();
  }

  @Override
  public void resumeBody() {
    original.resumeBody();
  }

  @Override
  public void sendContinue() {
    original.sendContinue();
  }

  @Override
  public void inform(ResponseHead head) {
    original.inform(head);
  }

  @Override
  public void upgrade(ResponseHead head, String protocol) {
    original.upgrade(head, protocol);
  }

  @Override
  public boolean takesTrailers() {
    return original.takesTrailers();
  }

  @Override
  public void add(String name, String value) {
    original.add(name, value);
  }

  @Override
  public void respond(ResponseHead head, ByteBuf body) {
    original.respond(head, body);
  }

  @Override
  public void begin(ResponseHead head, long length) {
    original.begin(head, length);
  }

  @Override
  public void write(ByteBuf bytes) {
    original.write(bytes);
  }

  @Override
  public void end(HeaderFields trailers) {
    original.end(trailers);
  }

  @Override
  public void abort() {
    original.abort();
  }

  @Override
  public boolean begun() {
    return original.begun();
  }

  @Override
  public boolean writable() {
    return original.writable();
  }
}
