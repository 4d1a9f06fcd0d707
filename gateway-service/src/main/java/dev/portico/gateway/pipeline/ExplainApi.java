package dev.portico.gateway.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.pipeline.ExplainQuestion.Fault;
import dev.portico.gateway.pipeline.ExplainQuestion.InvalidException;
import dev.portico.gateway.response.policy.SecurityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one part of the API that the gateway answers itself, since it alone knows: why a request is
 * answered as it is. Who may ask is for content-service to say.
 */
@Singleton
final class ExplainApi {
  private static final Pattern PATH = Pattern.compile("/v1/sites/([a-z0-9-]{3,30})/explain");

  private final SiteReaders readers;
  private final Explanations explanations;
  private final AtomicInteger comparing = new AtomicInteger();

  ExplainApi(SiteReaders readers, Explanations explanations) {
    this.readers = readers;
    this.explanations = explanations;
  }

  /** The site that a path at the API's host asks to explain; null for any other path. */
  static @Nullable String site(String rawPath) {
    if (!rawPath.endsWith("/explain")) {
      return null;
    }
    Matcher path = PATH.matcher(rawPath);
    return path.matches() ? path.group(1) : null;
  }

  /** Answers what is asked about a site. */
  void answer(ViewerExchange exchange, String site, Explanations.Stages stages) {
    ViewerRequest request = exchange.request();
    exchange.timeline().outcome(Outcome.LOCAL);
    exchange.timeline().site(site);
    boolean compares = request.method().equals("POST");
    if (!compares && !request.method().equals("GET")) {
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, true, "GET, POST");
      return;
    }
    readers.ask(
        exchange,
        site,
        answer ->
            ErrorReplies.guarded(
                exchange,
                () -> {
                  switch (answer) {
                    case SiteReaders.Answer.May ignored -> {
                      if (compares) {
                        SmallBody.read(exchange, body -> compare(exchange, site, body, stages));
                      } else {
                        explain(exchange, site, stages);
                      }
                    }
                    case SiteReaders.Answer.Refused refused -> refuse(exchange, refused);
                    case SiteReaders.Answer.Unknown unknown ->
                        ErrorReplies.reply(exchange, unknown.error(), true);
                  }
                }));
  }

  private void explain(ViewerExchange exchange, String site, Explanations.Stages stages) {
    try {
      ExplainQuestion question = ExplainQuestion.ofQuery(exchange.request().query());
      explanations.explain(exchange, site, question, stages, new Reply(exchange));
    } catch (InvalidException e) {
      invalid(exchange, e);
    }
  }

  private void compare(
      ViewerExchange exchange, String site, byte[] body, Explanations.Stages stages) {
    DryRunRequest request;
    try {
      request = DryRunRequest.read(body);
    } catch (InvalidException e) {
      invalid(exchange, e);
      return;
    }
    if (comparing.incrementAndGet() > DryRun.MOST_UNDER_WAY) {
      comparing.decrementAndGet();
      ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, true);
      return;
    }
    new DryRun(exchange, site, request, explanations, stages, new Comparison(exchange, comparing))
        .start();
  }

  private record Comparison(ViewerExchange exchange, AtomicInteger underWay)
      implements DryRun.Told {
    @Override
    public void over() {
      underWay.decrementAndGet();
    }

    @Override
    public void compared(byte[] json) {
      reply(exchange, 200, json);
    }

    @Override
    public void invalid(InvalidException fault) {
      ExplainApi.invalid(exchange, fault);
    }
  }

  private record Reply(ViewerExchange exchange) implements Explanations.Told {
    @Override
    public void explained(ViewerRequest request, Explanation why) {
      reply(exchange, 200, ExplanationJson.whole(request, why));
    }

    @Override
    public void invalid(InvalidException fault) {
      ExplainApi.invalid(exchange, fault);
    }
  }

  /** In content-service's words. */
  private static void refuse(ViewerExchange exchange, SiteReaders.Answer.Refused refused) {
    ResponseHead head;
    try {
      head = new ServicePassage(exchange.request()).head(refused.status(), refused.headers());
    } catch (IllegalArgumentException e) {
      refused.body().release();
      ErrorReplies.reply(exchange, EdgeError.ORIGIN_PROTOCOL, true);
      return;
    }
    exchange.respond(head, refused.body());
  }

  /** As content-service says what is wrong with a request. */
  private static void invalid(ViewerExchange exchange, InvalidException fault) {
    byte[] body = ExplanationJson.document(json -> problem(json, exchange.request(), fault));
    reply(exchange, 400, body);
  }

  private static void problem(JsonGenerator json, ViewerRequest request, InvalidException fault)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "https://portico.dev/problems/validation");
    json.writeStringField("title", "The request is not valid");
    json.writeNumberField("status", 400);
    json.writeStringField("detail", "See errors.");
    json.writeStringField("instance", request.requestId());
    json.writeArrayFieldStart("errors");
    for (Fault each : fault.faults()) {
      json.writeStartObject();
      json.writeStringField("field", each.field());
      json.writeStringField("reason", each.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void reply(ViewerExchange exchange, int status, byte[] json) {
    String type = status == 200 ? "application/json" : "application/problem+json";
    ResponseHead.Builder head =
        ResponseHead.of(status).add("Content-Type", type).add("Cache-Control", "no-store");
    SecurityHeaders.addTo(head, exchange.request());
    ByteBuf body = Unpooled.wrappedBuffer(json);
    exchange.respond(head.build().with(CacheFields.generated(status, "explain")), body);
  }
}
