package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.cache.semantics.DeliveredFields;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.ByteRange;
import dev.portico.gateway.response.FileDecision;
import dev.portico.gateway.response.Multipart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Answers from a complete response in hand: the whole, a 304, parts of it, or 416. */
final class HeldReplies {
  private HeldReplies() {}

  /** The head of fresh hits, which is the same for a second. */
  private record PreparedHead(long age, long ttl, ResponseHead head) {}

  /**
   * Answers with a fresh response.
   *
   * @param body all of it; ownership passes
   */
  static void fresh(
      ViewerExchange exchange, EdgeBehaviour behaviour, StoredEntry entry, ByteBuf body, long now) {
    ViewerRequest request = exchange.request();
    StoredAnswer answer = StoredAnswer.of(request.head(), request.headers(), entry.response());
    if (answer instanceof StoredAnswer.Whole) {
      exchange.respond(preparedHead(entry, now), body);
    } else {
      long ttl = entry.response().ttl(now);
      send(
          exchange,
          behaviour,
          entry,
          body,
          answer,
          fields(entry, now, CacheStatus.hit(ttl), CacheResult.HIT));
    }
  }

  private static ResponseHead preparedHead(StoredEntry entry, long now) {
    StoredResponse response = entry.response();
    long age = response.age(now);
    long ttl = response.ttl(now);
    if (entry.prepared() instanceof PreparedHead kept && kept.age() == age && kept.ttl() == ttl) {
      return kept.head();
    }
    ResponseHead head =
        entry.head().with(CacheFields.of(CacheStatus.hit(ttl), CacheResult.HIT, age));
    entry.prepared(new PreparedHead(age, ttl, head));
    return head;
  }

  /**
   * Answers with a response that was validated, or is stale.
   *
   * @param body all of it; ownership passes
   */
  static void send(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      StoredEntry entry,
      ByteBuf body,
      long now,
      CacheStatus status,
      CacheResult result) {
    ViewerRequest request = exchange.request();
    StoredAnswer answer = StoredAnswer.of(request.head(), request.headers(), entry.response());
    send(exchange, behaviour, entry, body, answer, fields(entry, now, status, result));
  }

  private static String[] fields(
      StoredEntry entry, long now, CacheStatus status, CacheResult result) {
    return CacheFields.of(status, result, entry.response().age(now));
  }

  private static void send(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      StoredEntry entry,
      ByteBuf body,
      StoredAnswer answer,
      String[] more) {
    if (answer instanceof StoredAnswer.Whole) {
      exchange.respond(entry.head().with(more), body);
    } else if (answer instanceof StoredAnswer.Parts parts) {
      FileDecision.Parts sent = parts(entry.head(), entry.response(), parts.ranges(), more);
      PartsStream.sendHeld(exchange, sent.head(), sent, body);
    } else {
      body.release();
      ResponseHead head =
          answer instanceof StoredAnswer.NotModified
              ? notModified(behaviour, entry.fields(), exchange.request(), more)
              : notSatisfiable(entry.response().size(), exchange.request(), more);
      exchange.respond(head, Unpooled.EMPTY_BUFFER);
    }
  }

  static ResponseHead notModified(
      EdgeBehaviour behaviour, FieldList fields, ViewerRequest request, String[] more) {
    return behaviour.head(304, DeliveredFields.notModified(fields), request).with(more);
  }

  static ResponseHead notSatisfiable(long size, ViewerRequest request, String[] more) {
    ResponseHead.Builder head =
        ResponseHead.of(416)
            .add("Content-Range", "bytes */" + size)
            .add("Cache-Control", "no-store");
    SecurityHeaders.addTo(head, request);
    return head.build().with(more);
  }

  /** The head of one part; its length is the range's. */
  static ResponseHead part(ResponseHead whole, StoredResponse response, ByteRange range) {
    return whole.toBuilder()
        .status(206)
        .set("Content-Range", range.contentRange(response.size()))
        .build();
  }

  /** The head and places of some ranges of a response. */
  static FileDecision.Parts parts(
      ResponseHead whole, StoredResponse response, List<ByteRange> ranges, String[] more) {
    if (ranges.size() == 1) {
      ByteRange range = ranges.getFirst();
      return new FileDecision.Parts(
          part(whole, response, range).with(more),
          range.length(),
          List.of(new FileDecision.Part("", range)),
          "");
    }
    String boundary = Multipart.boundary(ThreadLocalRandom.current().nextLong());
    String type =
        Objects.requireNonNullElse(whole.first("Content-Type"), "application/octet-stream");
    ResponseHead head =
        whole.toBuilder().status(206).set("Content-Type", Multipart.type(boundary)).build();
    return Multipart.parts(head.with(more), type, response.size(), ranges, boundary);
  }
}
