package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.Flights;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.RequestBody;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Passes one exchange on to a service or an origin and its answer back. Neither body is ever held:
 * each side is read only as fast as the other one takes it.
 */
final class ServiceProxy implements WaitingViewer {
  /**
   * How long the other side may take to say whether it wants a body that the viewer holds back (RFC
   * 9110, section 10.1.1), in milliseconds. Then the viewer is told to send it: who does not know
   * the expectation waits for the body. As long as curl waits.
   */
  static final long CONTINUE_WAIT = 1_000;

  private static final int FIRST_FAILURE = 500;

  private final ViewerExchange exchange;
  private final Passage passage;
  private final OriginCall call;
  private boolean tunnel;
  private boolean uploaded;
  private boolean over;

  private ServiceProxy(
      ViewerExchange exchange, OriginRequest request, Flights.Asker asker, Passage passage) {
    this.exchange = exchange;
    this.passage = passage;
    this.uploaded = !exchange.hasBody();
    this.call = asker.send(request, exchange.loop(), new Answer());
  }

  /** Passes a request on to one of Portico's own services. */
  static void pass(ViewerExchange exchange, Origin origin, OriginClient client) {
    exchange.timeline().outcome(Outcome.PROXY);
    ViewerRequest request = exchange.request();
    OriginRequest forwarded =
        OriginRequest.of(
                client.inner(origin),
                request.method(),
                request.rawTarget(),
                ForwardedRequest.headers(request),
                exchange.bodyLength())
            .onBehalfOf(request.ids());
    pass(exchange, forwarded, client::send, new ServicePassage(request));
  }

  /** Passes a request on as it is given; its body follows from the exchange. */
  static void pass(
      ViewerExchange exchange, OriginRequest request, Flights.Asker asker, Passage passage) {
    if (tooLarge(exchange.bodyLength(), passage)) {
      refuse(exchange, passage, EdgeError.CONTENT_TOO_LARGE);
      return;
    }
    exchange.timeline().originStarted();
    ServiceProxy proxy = new ServiceProxy(exchange, request, asker, passage);
    exchange.listen(proxy);
    if (exchange.hasBody()) {
      exchange.receiveBody(proxy.new Upload());
      if (request.headers().contains("expect")) {
        exchange.loop().schedule(proxy::unasked, CONTINUE_WAIT, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static boolean tooLarge(long length, Passage passage) {
    return passage.largestBody() > 0 && length > passage.largestBody();
  }

  private static void refuse(ViewerExchange exchange, Passage passage, EdgeError error) {
    ErrorReplies.reply(exchange, error, passage.program(), passage.errorFields(error.category()));
  }

  private void unasked() {
    if (!over && exchange.timeline().bytesReceived() == 0) {
      exchange.sendContinue();
    }
  }

  @Override
  public void writable() {
    call.resume();
  }

  @Override
  public void gone() {
    over = true;
    call.cancel();
  }

  /** Whoever asks a service and hangs up wants no answer; going on would only cost the service. */
  @Override
  public void inputClosed() {
    hungUp();
  }

  @Override
  public ViewerExchange exchange() {
    return exchange;
  }

  /**
   * What goes wrong before all of the body has come may be because it does not come: a viewer could
   * make a release fail that way.
   */
  private void countsOnlyUploaded() {
    if (!uploaded) {
      exchange.timeline().share(null);
    }
  }

  private void fail(EdgeException failure) {
    countsOnlyUploaded();
    if (tunnel) {
      exchange.timeline().error(failure.error().category());
      over = true;
      exchange.abort();
    } else if (!over) {
      over = true;
      String[] more = passage.errorFields(failure.error().category());
      ErrorReplies.reply(exchange, failure, passage.program(), more);
    }
  }

  /** The request's body, from the viewer to the service. */
  private final class Upload implements RequestBody {
    private long received;

    @Override
    public void data(ByteBuf bytes) {
      received += bytes.readableBytes();
      if (!tunnel && tooLarge(received, passage)) {
        bytes.release();
        breakOff(EdgeError.CONTENT_TOO_LARGE);
        return;
      }
      call.write(bytes);
      if (!call.writable()) {
        exchange.pauseBody();
      }
    }

    @Override
    public void end(HeaderFields trailers) {
      uploaded = true;
      if (passage.trailers()) {
        call.end(ForwardedRequest.trailers(trailers));
      } else {
        call.end();
      }
    }

    @Override
    public void broken(boolean tooSlow) {
      breakOff(tooSlow ? EdgeError.REQUEST_TIMEOUT : EdgeError.MALFORMED_REQUEST);
    }

    /** The other side sees that the request is not whole: its connection or stream is reset. */
    private void breakOff(EdgeError error) {
      if (!over) {
        over = true;
        call.cancel();
        refuse(exchange, passage, error);
      }
    }
  }

  /** The response, from the service to the viewer. */
  private final class Answer implements OriginListener {
    @Override
    public void writable() {
      exchange.resumeBody();
    }

    @Override
    public void continues() {
      exchange.sendContinue();
    }

    @Override
    public void informational(int status, HeaderFields headers) {
      if (!over) {
        Passage.inform(exchange, status, headers);
      }
    }

    @Override
    public void upgraded(HeaderFields headers) {
      if (over) {
        return;
      }
      exchange.timeline().originAnswered();
      String protocol = headers.joined("upgrade");
      try {
        tunnel = true;
        exchange.upgrade(passage.head(101, headers), protocol == null ? "" : protocol);
        exchange.receiveBody(new Upload());
      } catch (IllegalArgumentException e) {
        tunnel = false;
        refuse(e);
      }
    }

    private void refuse(IllegalArgumentException e) {
      call.cancel();
      fail(new EdgeException(EdgeError.ORIGIN_PROTOCOL, "invalid response header", e));
    }

    @Override
    public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
      if (over) {
        return;
      }
      exchange.timeline().originAnswered();
      if (status >= FIRST_FAILURE) {
        countsOnlyUploaded();
      }
      try {
        ResponseHead head = passage.head(status, headers);
        String announced = ForwardedRequest.announced(headers);
        if (announced != null && passage.trailers() && exchange.takesTrailers()) {
          head = head.with("Trailer", announced);
        }
        exchange.begin(head, length);
      } catch (IllegalArgumentException e) {
        refuse(e);
      }
    }

    @Override
    public void data(ByteBuf bytes) {
      exchange.write(bytes);
      if (!exchange.writable()) {
        call.pause();
      }
    }

    @Override
    public void end(HeaderFields trailers) {
      over = true;
      exchange.end(passage.trailers() ? trailers : HeaderFields.NONE);
    }

    @Override
    public void failed(EdgeException failure) {
      fail(failure);
    }
  }
}
