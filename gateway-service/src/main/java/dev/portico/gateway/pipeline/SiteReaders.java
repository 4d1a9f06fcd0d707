package dev.portico.gateway.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers: may whoever sends this request read this site? Content-service decides, which alone
 * knows members and tokens: it is asked for the site with the caller's own credentials. What it
 * said is remembered for a little while under a hash of these.
 */
@Singleton
final class SiteReaders {
  /** How long an answer is remembered: so long a right outlives its end here. */
  static final Duration REMEMBERED = Duration.ofSeconds(10);

  /** How long content-service may take. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How many answers are remembered. */
  static final int MOST_REMEMBERED = 10_000;

  /** How many questions may be under way; whoever asks beyond that may not. */
  static final int MOST_ASKED = 32;

  /** Of a refusal's body, in bytes. */
  private static final int MOST_BODY = 16_384;

  private static final String AUTHORIZATION = "authorization";

  private final ApiRoutes routes;
  private final OriginClient client;
  private final AtomicInteger asked = new AtomicInteger();
  private final Cache<String, Boolean> remembered =
      Caffeine.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .expireAfterWrite(REMEMBERED)
          .executor(Runnable::run)
          .build();

  SiteReaders(ApiRoutes routes, OriginClient client) {
    this.routes = routes;
    this.client = client;
  }

  /** What came of asking. */
  sealed interface Answer {
    /** The caller may. */
    record May() implements Answer {}

    /**
     * The caller may not, or content-service has refused for another reason.
     *
     * @param status what it answered
     * @param headers the fields of that
     * @param body its content; ownership passes to whoever is told
     */
    record Refused(int status, HeaderFields headers, ByteBuf body) implements Answer {}

    /**
     * There is no answer.
     *
     * @param error why
     */
    record Unknown(EdgeError error) implements Answer {}
  }

  /** Whether the caller may. */
  enum Right {
    /** It may. */
    YES,
    /** It may not. */
    NO,
    /** That cannot be found out now. */
    UNKNOWN
  }

  /**
   * Whether the caller may.
   *
   * @param then told once, on the exchange's event loop, perhaps before this returns
   */
  void mayRead(ViewerExchange exchange, String site, Consumer<Right> then) {
    Boolean known = remembered.getIfPresent(key(exchange.request(), site));
    if (known != null) {
      then.accept(known ? Right.YES : Right.NO);
      return;
    }
    ask(exchange, site, answer -> then.accept(right(answer)));
  }

  private static Right right(Answer answer) {
    return switch (answer) {
      case Answer.May ignored -> Right.YES;
      case Answer.Refused refused -> {
        refused.body().release();
        yield decides(refused.status()) ? Right.NO : Right.UNKNOWN;
      }
      case Answer.Unknown ignored -> Right.UNKNOWN;
    };
  }

  /** Whether a status is about the caller, and not about content-service's own troubles. */
  private static boolean decides(int status) {
    return status == 200 || status == 401 || status == 403 || status == 404;
  }

  /**
   * Asks, unless the caller is known to have the right.
   *
   * @param then told once, on the exchange's event loop, perhaps before this returns
   */
  void ask(ViewerExchange exchange, String site, Consumer<Answer> then) {
    ViewerRequest request = exchange.request();
    String key = key(request, site);
    if (Boolean.TRUE.equals(remembered.getIfPresent(key))) {
      then.accept(new Answer.May());
      return;
    }
    if (asked.incrementAndGet() > MOST_ASKED) {
      asked.decrementAndGet();
      then.accept(new Answer.Unknown(EdgeError.UNAVAILABLE));
      return;
    }
    OriginRequest question =
        OriginRequest.of(
                client.inner(routes.content()),
                "GET",
                "/v1/sites/" + site,
                ForwardedRequest.toOrigin(request, AUTHORIZATION::equals),
                0)
            .onBehalfOf(request.ids());
    exchange.timeline().asks();
    Question listener = new Question(key, then);
    OriginCall call = client.send(question, exchange.loop(), listener);
    listener.limit(exchange.loop(), call);
  }

  /** Of credentials nothing is kept that could be used. */
  private static String key(ViewerRequest request, String site) {
    String credentials = String.valueOf(request.headers().joined(AUTHORIZATION));
    byte[] text = (site + '\n' + credentials).getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One question under way. */
  private final class Question implements OriginListener {
    private final String key;
    private final Consumer<Answer> then;
    private final ByteBuf body = Unpooled.buffer(0, MOST_BODY);
    private int status;
    private HeaderFields headers = HeaderFields.NONE;
    private @Nullable ScheduledFuture<?> limit;
    private boolean over;

    Question(String key, Consumer<Answer> then) {
      this.key = key;
      this.then = then;
    }

    private void finish(@Nullable EdgeError failure) {
      if (over) {
        return;
      }
      over = true;
      asked.decrementAndGet();
      if (limit != null) {
        limit.cancel(false);
      }
      if (failure != null) {
        then.accept(new Answer.Unknown(failure));
        return;
      }
      boolean may = status == 200;
      if (decides(status)) {
        remembered.put(key, may);
      }
      then.accept(may ? new Answer.May() : new Answer.Refused(status, headers, body));
    }

    /** Gives up after a while; until then, and no longer, its end holds the exchange. */
    void limit(EventLoop loop, OriginCall call) {
      if (!over) {
        limit = loop.schedule(() -> tooLate(call), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private void tooLate(OriginCall call) {
      if (!over) {
        call.cancel();
        finish(EdgeError.ORIGIN_TIMEOUT);
      }
    }

    @Override
    public void head(int newStatus, HeaderFields newHeaders, long length, BodyFraming framing) {
      status = newStatus;
      headers = newHeaders;
    }

    @Override
    public void data(ByteBuf bytes) {
      if (status != 200 && !over) {
        body.writeBytes(bytes, Math.min(bytes.readableBytes(), body.maxWritableBytes()));
      }
      bytes.release();
    }

    @Override
    public void end(HeaderFields trailers) {
      finish(null);
    }

    @Override
    public void failed(EdgeException failure) {
      finish(failure.error());
    }
  }
}
