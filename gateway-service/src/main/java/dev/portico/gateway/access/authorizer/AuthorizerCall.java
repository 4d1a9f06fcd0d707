package dev.portico.gateway.access.authorizer;

import dev.portico.gateway.access.authorizer.Authorizers.Remembered;
import dev.portico.gateway.access.rule.AccessPolicy.Authorizer;
import dev.portico.gateway.access.rule.AuthorizerVerdict;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One question to an authorizer: its status is the answer, and its content is of no interest. */
final class AuthorizerCall implements OriginListener {
  /** Bytes of content that are read so that the connection can be used again. */
  private static final int MOST_READ = 65_536;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final Authorizer authorizer;
  private final Consumer<Remembered> then;
  private @Nullable OriginCall call;
  private @Nullable ScheduledFuture<?> limit;
  private boolean answered;
  private long read;

  AuthorizerCall(Authorizer authorizer, Consumer<Remembered> then) {
    this.authorizer = authorizer;
    this.then = then;
  }

  void start(OriginClient origins, OriginRequest request, EventLoop loop) {
    call = origins.send(request, loop, this);
    limit = loop.schedule(this::tooSlow, Authorizers.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
    boolean admits = status >= 200 && status < 300;
    if (admits) {
      answer(new AuthorizerVerdict.Admits(context(headers)), lasting(headers));
    } else if (status == UNAUTHORIZED || status == FORBIDDEN) {
      answer(new AuthorizerVerdict.Refuses(), lasting(headers));
    } else {
      answer(new AuthorizerVerdict.Unavailable(), Duration.ZERO);
    }
  }

  private List<String> context(HeaderFields headers) {
    List<String> context = new ArrayList<>();
    for (String name : authorizer.context()) {
      String value = headers.joined(name);
      if (value != null) {
        context.add(name);
        context.add(value);
      }
    }
    return context;
  }

  /** As long as it says itself, but no longer than the site lets it. */
  private Duration lasting(HeaderFields headers) {
    String control = headers.joined("cache-control");
    if (control == null) {
      return Duration.ZERO;
    }
    Duration lasting = Duration.ZERO;
    for (String each : control.toLowerCase(Locale.ROOT).split(",", -1)) {
      String directive = each.strip();
      if (directive.startsWith("no-store") || directive.startsWith("no-cache")) {
        return Duration.ZERO;
      }
      if (directive.matches("max-age=[0-9]{1,9}")) {
        lasting = Duration.ofSeconds(Long.parseLong(directive.substring("max-age=".length())));
      }
    }
    return lasting.compareTo(authorizer.cached()) < 0 ? lasting : authorizer.cached();
  }

  @Override
  public void data(ByteBuf bytes) {
    read += bytes.readableBytes();
    bytes.release();
    OriginCall running = call;
    if (read > MOST_READ && running != null) {
      running.cancel();
    }
  }

  @Override
  public void end(HeaderFields trailers) {
    answer(new AuthorizerVerdict.Unavailable(), Duration.ZERO);
  }

  @Override
  public void failed(EdgeException failure) {
    answer(new AuthorizerVerdict.Unavailable(), Duration.ZERO);
  }

  private void tooSlow() {
    OriginCall running = call;
    if (!answered && running != null) {
      running.cancel();
      answer(new AuthorizerVerdict.Unavailable(), Duration.ZERO);
    }
  }

  private void answer(AuthorizerVerdict verdict, Duration lasting) {
    if (answered) {
      return;
    }
    answered = true;
    if (limit != null) {
      limit.cancel(false);
    }
    then.accept(new Remembered(verdict, lasting));
  }
}
