package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.Arrival;
import dev.portico.gateway.cache.collapse.FlightUser;
import dev.portico.gateway.cache.collapse.Subscription;
import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.ByteRange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One viewer's place in a flight: what it is told becomes the response. Each attempt to get one has
 * an instance of its own; the exchange listens to the last.
 */
final class EdgeReply implements FlightUser, WaitingViewer {
  private final EdgeServing serving;
  private final ViewerExchange exchange;
  private final EdgeBehaviour behaviour;
  private final CacheStatus.Forward why;
  private final int round;
  private final LongSupplier millis;
  private final FlightPlace place = new FlightPlace();

  EdgeReply(
      EdgeServing serving,
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      CacheStatus.Forward why,
      int round,
      LongSupplier millis) {
    this.serving = serving;
    this.exchange = exchange;
    this.behaviour = behaviour;
    this.why = why;
    this.round = round;
    this.millis = millis;
  }

  /** It is in a flight now, where it may have been told something already. */
  void subscribed(Subscription joined) {
    place.joined(joined);
  }

  @Override
  public ViewerRequest request() {
    return exchange.request();
  }

  @Override
  public EventLoop loop() {
    return exchange.loop();
  }

  @Override
  public void informed(int status, HeaderFields fields) {
    Passage.inform(exchange, status, fields);
  }

  @Override
  public void begin(Arrival arrival) {
    exchange.timeline().originAnswered();
    CacheStatus status = status(arrival);
    exchange.timeline().outcome(arrival.response() == null ? Outcome.PASS : Outcome.MISS);
    ExplainedEdge.arrived(exchange, behaviour, arrival, millis.getAsLong());
    StoredResponse response = arrival.response();
    String[] more =
        response == null || arrival.leads()
            ? CacheFields.of(status, CacheResult.MISS)
            : CacheFields.of(status, CacheResult.MISS, response.age(millis.getAsLong()));
    FieldList fields = arrival.fields();
    ResponseHead head = HeldReplies.head(exchange, behaviour, arrival);
    StoredAnswer answer = arrival.answer();
    if (fields == null || response == null || answer instanceof StoredAnswer.Whole) {
      exchange.begin(head.with(more), arrival.length());
    } else if (answer instanceof StoredAnswer.Parts parts) {
      ByteRange range = parts.ranges().getFirst();
      exchange.begin(HeldReplies.part(head, response, range).with(more), range.length());
    } else if (answer instanceof StoredAnswer.NotModified) {
      exchange.begin(HeldReplies.notModified(exchange, behaviour, fields, more), 0);
    } else {
      exchange.begin(HeldReplies.notSatisfiable(response.size(), exchange, more), 0);
    }
  }

  private CacheStatus status(Arrival arrival) {
    CacheStatus status = CacheStatus.forwarded(why).answered(arrival.status());
    StoredResponse response = arrival.response();
    if (response != null && arrival.kept()) {
      status = status.storedFor(response.ttl(millis.getAsLong()));
    }
    if (!arrival.leads()) {
      status = status.collapsedWithAnother();
    }
    return arrival.reason() == null ? status : status.withDetail(arrival.reason().label());
  }

  @Override
  public void data(ByteBuf bytes) {
    place.sent(bytes.readableBytes());
    exchange.write(bytes);
    if (exchange.writable()) {
      place.taken();
    }
  }

  @Override
  public void end() {
    exchange.end();
  }

  @Override
  public void failed(EdgeException failure) {
    if (!place.left()) {
      CacheStatus status = CacheStatus.forwarded(why).withDetail(failure.error().category());
      ErrorReplies.reply(exchange, failure, false, CacheFields.error(status));
    }
  }

  @Override
  public void held(StoredEntry entry, ByteBuf body, Held how) {
    if (place.left()) {
      body.release();
      return;
    }
    exchange.timeline().originAnswered();
    long now = millis.getAsLong();
    long ttl = entry.response().ttl(now);
    CacheStatus asked = CacheStatus.forwarded(why);
    ExplainedEdge.held(exchange, entry, how, now);
    switch (how) {
      case VALIDATED -> {
        exchange.timeline().outcome(Outcome.REVALIDATED);
        CacheStatus status = asked.answered(304).storedFor(ttl);
        serving.send(exchange, behaviour, entry, body, now, status, CacheResult.REFRESH_HIT);
      }
      case IN_NEED -> {
        exchange.timeline().outcome(Outcome.STALE);
        CacheStatus status = asked.freshFor(ttl).withDetail("stale-if-error");
        serving.send(exchange, behaviour, entry, body, now, status, CacheResult.HIT);
      }
      case SLICED -> {
        CacheStatus status = asked.answered(200).storedFor(ttl);
        serving.send(exchange, behaviour, entry, body, now, status, CacheResult.MISS);
      }
    }
  }

  @Override
  public void again(@Nullable VaryRule rule) {
    if (!place.left()) {
      serving.lookUp(exchange, behaviour, round + 1, rule);
    }
  }

  @Override
  public void alone() {
    if (!place.left()) {
      serving.alone(exchange, behaviour, why);
    }
  }

  @Override
  public void writable() {
    place.taken();
  }

  @Override
  public ViewerExchange exchange() {
    return exchange;
  }

  @Override
  public void gone() {
    place.leave();
  }
}
