package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.RequestBody;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.violation.ReportFate;
import dev.portico.gateway.violation.ReportFates;
import dev.portico.gateway.violation.ViolationCounts;
import dev.portico.gateway.violation.ViolationReader;
import dev.portico.gateway.violation.ViolationReports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes browsers' reports of violations at a path that every site has for that, whatever its
 * behaviours and files say. Whoever sends them is not known and may send anything: what is held,
 * read and counted has a bound, and nothing of it goes to the log.
 */
@Singleton
final class CspReports {
  /** The path, at every host of a site. */
  static final String PATH = "/.portico/csp-reports";

  /** Bytes of one request's body; a larger one is 413. */
  static final int LARGEST = 64 << 10;

  /** Bytes of bodies that are being received, all together; beyond that 503. */
  static final int MOST_HELD = 8 << 20;

  /** Milliseconds that a body may take as a whole, however steadily it trickles; then 408. */
  static final long PATIENCE = 10_000;

  private static final String METHODS = "POST, OPTIONS";
  private static final String PREFLIGHT_SECONDS = "86400";

  private final ViolationCounts counts;
  private final ReportFates fates;
  private final AtomicInteger held = new AtomicInteger();

  CspReports(ViolationCounts counts, ReportFates fates) {
    this.counts = counts;
    this.fates = fates;
  }

  /** Answers when the path is that of reports; false else. */
  boolean answers(ViewerExchange exchange, String site) {
    ViewerRequest request = exchange.request();
    if (!request.path().equals(PATH) || request.encodedSlash()) {
      return false;
    }
    exchange.timeline().site(site);
    switch (request.method()) {
      case "POST" -> post(exchange, site);
      case "OPTIONS" -> reply(exchange, true);
      default -> ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, true, METHODS);
    }
    return true;
  }

  private void post(ViewerExchange exchange, String site) {
    String type = mediaType(exchange.request());
    boolean list = type.equals(ViolationReader.LIST);
    if (!counts.admits(site)) {
      // As if it were read: a browser that is refused would only come again.
      reply(exchange, false);
    } else if (!list && !type.equals(ViolationReader.ONE)) {
      refuse(exchange, EdgeError.UNSUPPORTED_MEDIA_TYPE);
    } else if (!exchange.hasBody()) {
      refuse(exchange, EdgeError.MALFORMED_REQUEST);
    } else if (exchange.bodyLength() > LARGEST) {
      refuse(exchange, EdgeError.CONTENT_TOO_LARGE);
    } else {
      new Receiving(exchange, site, list).start();
    }
  }

  private void refuse(ViewerExchange exchange, EdgeError error) {
    fates.count(ReportFate.REFUSED, 1);
    ErrorReplies.reply(exchange, error, true);
  }

  private void read(ViewerExchange exchange, String site, byte[] body, boolean list) {
    ViolationReports reports = ViolationReader.read(body, list);
    if (reports == null) {
      refuse(exchange, EdgeError.MALFORMED_REQUEST);
    } else {
      counts.add(site, reports);
      reply(exchange, false);
    }
  }

  /** Pages of any origin may report here (Fetch, section 3.3): a report gives nothing away. */
  private static void reply(ViewerExchange exchange, boolean preflight) {
    exchange.timeline().outcome(Outcome.LOCAL);
    ResponseHead.Builder head =
        ResponseHead.of(204)
            .add("Cache-Control", "no-store")
            .add("Access-Control-Allow-Origin", "*");
    if (preflight) {
      head.add("Allow", METHODS)
          .add("Access-Control-Allow-Methods", "POST")
          .add("Access-Control-Allow-Headers", "Content-Type")
          .add("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }
    SecurityHeaders.addTo(head, exchange);
    String[] cache = CacheFields.generated(204, "violation-report");
    exchange.respond(head.build().with(cache), Unpooled.EMPTY_BUFFER);
  }

  private static String mediaType(ViewerRequest request) {
    String type = request.headers().first("content-type");
    if (type == null) {
      return "";
    }
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
  }

  /** One body on its way in. */
  private final class Receiving implements RequestBody, ViewerListener {
    private final ViewerExchange exchange;
    private final String site;
    private final boolean list;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private @Nullable ScheduledFuture<?> patience;
    private boolean over;

    Receiving(ViewerExchange exchange, String site, boolean list) {
      this.exchange = exchange;
      this.site = site;
      this.list = list;
    }

    void start() {
      patience = exchange.loop().schedule(this::tooSlow, PATIENCE, TimeUnit.MILLISECONDS);
      exchange.listen(this);
      exchange.sendContinue();
      exchange.receiveBody(this);
    }

    @Override
    public void data(ByteBuf some) {
      try {
        if (over) {
          return;
        }
        int more = some.readableBytes();
        if (bytes.size() + more > LARGEST) {
          fail(EdgeError.CONTENT_TOO_LARGE);
        } else if (held.addAndGet(more) > MOST_HELD) {
          held.addAndGet(-more);
          fail(EdgeError.UNAVAILABLE);
        } else {
          bytes.writeBytes(ByteBufUtil.getBytes(some));
        }
      } finally {
        some.release();
      }
    }

    @Override
    public void end(HeaderFields trailers) {
      if (!over) {
        byte[] body = finish();
        ErrorReplies.guarded(exchange, () -> read(exchange, site, body, list));
      }
    }

    @Override
    public void broken(boolean tooSlow) {
      fail(tooSlow ? EdgeError.REQUEST_TIMEOUT : EdgeError.MALFORMED_REQUEST);
    }

    @Override
    public void gone() {
      if (!over) {
        finish();
      }
    }

    private void tooSlow() {
      fail(EdgeError.REQUEST_TIMEOUT);
    }

    private void fail(EdgeError error) {
      if (!over) {
        finish();
        refuse(exchange, error);
      }
    }

    /** What has come of the body, of which nothing is held from now on. */
    private byte[] finish() {
      over = true;
      if (patience != null) {
        patience.cancel(false);
      }
      held.addAndGet(-bytes.size());
      byte[] body = bytes.toByteArray();
      bytes = new ByteArrayOutputStream(0);
      return body;
    }
  }
}
