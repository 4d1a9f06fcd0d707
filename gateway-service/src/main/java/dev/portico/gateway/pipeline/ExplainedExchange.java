package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * A member's exchange: the answer comes with why it is so, or that comes in its place. It is for
 * this member alone, so that no cache on the way may keep it.
 */
final class ExplainedExchange extends ForwardingExchange {
  /** The most characters of an explanation in a header field; beyond them some is left out. */
  static final int MOST_IN_HEADER = 4_096;

  private final Explanation explanation = new Explanation(false);
  private final boolean instead;
  private final List<String> added = new ArrayList<>();
  private ViewerListener listener = ViewerListener.NONE;
  private boolean replaced;

  /**
   * A member's exchange.
   *
   * @param request without what it is asked with
   * @param instead whether the explanation comes in the place of the answer
   */
  ExplainedExchange(ViewerExchange original, ViewerRequest request, boolean instead) {
    super(original, request);
    this.instead = instead;
  }

  @Override
  public Explanation explanation() {
    return explanation;
  }

  @Override
  public void add(String name, String value) {
    added.add(name);
    added.add(value);
    super.add(name, value);
  }

  @Override
  public void listen(ViewerListener newListener) {
    listener = newListener;
    super.listen(newListener);
  }

  private void explain(ResponseHead head) {
    Explained.answered(explanation, head, added, timeline().error());
  }

  private ResponseHead with(ResponseHead head) {
    String text = ExplanationJson.within(MOST_IN_HEADER, request(), explanation);
    return head.toBuilder()
        .remove("CDN-Cache-Control")
        .remove("Surrogate-Control")
        .set("Cache-Control", "no-store")
        .set(MemberExplanations.FIELD, text)
        .build();
  }

  private void replace() {
    replaced = true;
    ResponseHead.Builder head =
        ResponseHead.of(200)
            .add("Content-Type", "application/json")
            .add("Cache-Control", "no-store");
    byte[] body = ExplanationJson.whole(request(), explanation);
    SecurityHeaders.addTo(head, request());
    super.respond(
        head.build().with(CacheFields.generated(200, "explain")), Unpooled.wrappedBuffer(body));
  }

  @Override
  public void inform(ResponseHead head) {
    if (!instead) {
      super.inform(head);
    }
  }

  @Override
  public void upgrade(ResponseHead head, String protocol) {
    if (begun()) {
      return;
    }
    explain(head);
    if (instead) {
      replace();
      loop().execute(listener::gone); // as in begin: there is no tunnel, and nobody at its end
    } else {
      super.upgrade(with(head), protocol);
    }
  }

  @Override
  public void respond(ResponseHead head, ByteBuf body) {
    if (begun()) {
      body.release();
      return;
    }
    explain(head);
    if (instead) {
      body.release();
      replace();
    } else {
      super.respond(with(head), body);
    }
  }

  @Override
  public void begin(ResponseHead head, long length) {
    if (begun()) {
      return;
    }
    explain(head);
    if (instead) {
      replace();
      // What is being kept is kept whole, and dropped here. Anything else is not wanted; whoever
      // sends it must have returned before it is told.
      if (!ExplainedEdge.isKept(explanation)) {
        loop().execute(listener::gone);
      }
    } else {
      super.begin(with(head), length);
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    if (replaced) {
      bytes.release();
    } else {
      super.write(bytes);
    }
  }

  @Override
  public void end(HeaderFields trailers) {
    if (!replaced) {
      super.end(trailers);
    }
  }

  @Override
  public void abort() {
    if (!replaced) {
      super.abort();
    }
  }

  @Override
  public boolean writable() {
    return replaced || super.writable();
  }
}
