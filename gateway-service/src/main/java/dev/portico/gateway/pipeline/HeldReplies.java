package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.Arrival;
import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.cache.semantics.DeliveredFields;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.ByteRange;
import dev.portico.gateway.response.FileDecision;
import dev.portico.gateway.response.Multipart;
import dev.portico.gateway.response.policy.SecurityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Answers from a complete response in hand: the whole, a 304, parts of it, or 416. */
final class HeldReplies {
  private HeldReplies() {}

  /** The head of fresh hits, which is the same for a second. */
  private record PreparedHead(long age, long ttl, ResponseHead head) {}

  /**
   * The same where a site has rules for heads.
   *
   * @param variant of the requests that it is for
   * @param whole what stays the same as long as the rules do
   */
  private record RuledHead(
      HeadRules rules,
      @Nullable String variant,
      long age,
      long ttl,
      ResponseHead whole,
      ResponseHead head) {
    // By identity: rules are one object as long as they hold, and long to compare.
    @SuppressWarnings("ReferenceEquality")
    boolean isFor(HeadRules wanted, @Nullable String asked) {
      return rules == wanted && Objects.equals(variant, asked);
    }
  }

  /**
   * Answers with a fresh response.
   *
   * @param body all of it; ownership passes
   */
  static void fresh(
      ViewerExchange exchange, EdgeBehaviour behaviour, StoredEntry entry, ByteBuf body, long now) {
    ViewerRequest request = exchange.request();
    StoredAnswer answer = StoredAnswer.of(request.head(), request.headers(), entry.response());
    if (answer instanceof StoredAnswer.Whole && exchange.explanation() == null) {
      exchange.respond(preparedHead(exchange, behaviour, entry, body, now), body);
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

  private static ResponseHead preparedHead(
      ViewerExchange exchange, EdgeBehaviour behaviour, StoredEntry entry, ByteBuf body, long now) {
    HeadRules rules = exchange.rules();
    if (rules == null) {
      return preparedHead(entry, now);
    }
    try {
      return ruledHead(exchange, rules, behaviour, entry, now);
    } catch (RuntimeException e) {
      body.release();
      throw e;
    }
  }

  private static ResponseHead ruledHead(
      ViewerExchange exchange,
      HeadRules rules,
      EdgeBehaviour behaviour,
      StoredEntry entry,
      long now) {
    StoredResponse response = entry.response();
    long age = response.age(now);
    long ttl = response.ttl(now);
    String variant = rules.variant(exchange.request());
    ResponseHead whole = null;
    if (entry.prepared() instanceof RuledHead kept && kept.isFor(rules, variant)) {
      if (kept.age() == age && kept.ttl() == ttl) {
        return kept.head();
      }
      whole = kept.whole();
    }
    if (whole == null) {
      whole = whole(exchange, behaviour, entry).compact();
    }
    ResponseHead head = whole.with(CacheFields.of(CacheStatus.hit(ttl), CacheResult.HIT, age));
    if (rules.keepable()) {
      entry.prepared(new RuledHead(rules, variant, age, ttl, whole, head));
    }
    return head;
  }

  /** What a viewer gets of a stored response, without Age and Cache-Status. */
  static ResponseHead whole(ViewerExchange exchange, EdgeBehaviour behaviour, StoredEntry entry) {
    // The stored head has Portico's own rules applied: what the origin said is in the fields.
    return asForAll(exchange)
        ? entry.head()
        : behaviour.head(
            entry.response().status(), DeliveredFields.whole(entry.fields()), exchange);
  }

  /** What a viewer gets of a response that begins to stream, without Age and Cache-Status. */
  static ResponseHead head(ViewerExchange exchange, EdgeBehaviour behaviour, Arrival arrival) {
    return asForAll(exchange)
        ? arrival.head()
        : behaviour.head(arrival.status(), DeliveredFields.whole(arrival.said()), exchange);
  }

  /** Whether a head is the one that was made for all; whoever asks why has it made anew. */
  private static boolean asForAll(ViewerExchange exchange) {
    return exchange.rules() == null && exchange.explanation() == null;
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
      exchange.respond(whole(exchange, behaviour, entry).with(more), body);
    } else if (answer instanceof StoredAnswer.Parts parts) {
      ResponseHead whole = whole(exchange, behaviour, entry);
      FileDecision.Parts sent = parts(whole, entry.response(), parts.ranges(), more);
      PartsStream.sendHeld(exchange, sent.head(), sent, body);
    } else {
      body.release();
      ResponseHead head =
          answer instanceof StoredAnswer.NotModified
              ? notModified(exchange, behaviour, entry.fields(), more)
              : notSatisfiable(entry.response().size(), exchange, more);
      exchange.respond(head, Unpooled.EMPTY_BUFFER);
    }
  }

  /**
   * Begins an answer of which the body is elsewhere.
   *
   * @param answer the whole, or parts of it
   */
  static void begin(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      StoredEntry entry,
      StoredAnswer answer,
      long now,
      CacheStatus status,
      CacheResult result) {
    String[] more = fields(entry, now, status, result);
    ResponseHead whole = whole(exchange, behaviour, entry);
    if (answer instanceof StoredAnswer.Parts parts) {
      FileDecision.Parts some = parts(whole, entry.response(), parts.ranges(), more);
      exchange.begin(some.head(), some.length());
    } else {
      exchange.begin(whole.with(more), entry.response().size());
    }
  }

  static ResponseHead notModified(
      ViewerExchange exchange, EdgeBehaviour behaviour, FieldList fields, String[] more) {
    return behaviour.head(304, DeliveredFields.notModified(fields), exchange).with(more);
  }

  static ResponseHead notSatisfiable(long size, ViewerExchange exchange, String[] more) {
    ResponseHead.Builder head =
        ResponseHead.of(416)
            .add("Content-Range", "bytes */" + size)
            .add("Cache-Control", "no-store");
    SecurityHeaders.addTo(head, exchange);
    return head.build().with(more);
  }

  /** The head of one part; its length is the range's. */
  static ResponseHead part(ResponseHead whole, StoredResponse response, ByteRange range) {
    return partial(whole, response)
        .set("Content-Range", range.contentRange(response.size()))
        .build();
  }

  private static ResponseHead.Builder partial(ResponseHead whole, StoredResponse response) {
    ResponseHead.Builder head = whole.toBuilder().status(206);
    return response.isPartDated() ? head : head.remove("Last-Modified");
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
        partial(whole, response).set("Content-Type", Multipart.type(boundary)).build();
    return Multipart.parts(head.with(more), type, response.size(), ranges, boundary);
  }
}
