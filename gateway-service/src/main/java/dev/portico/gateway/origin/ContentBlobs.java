package dev.portico.gateway.origin;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fetches blobs over content-service's internal port (deploy/contracts/README.md). */
@Singleton
final class ContentBlobs implements BlobFetcher {
  private final OriginClient client;
  private final Target target;
  private final String authorization;

  ContentBlobs(OriginClient client, OriginSettings settings) {
    this.client = client;
    this.target =
        Target.inner(Origin.of(settings.contentInternal()), settings, settings.blobRate());
    this.authorization = "Bearer " + settings.contentSecret();
  }

  @Override
  public BlobFetch fetch(BlobRequest request, EventLoop loop, BlobReceiver receiver) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add(HttpHeaderNames.AUTHORIZATION, authorization)
            .add("x-request-id", request.ids().requestId())
            .add("traceparent", request.ids().traceparent())
            .add(
                HttpHeaderNames.ACCEPT_ENCODING,
                request.codings().isEmpty() ? "identity" : String.join(", ", request.codings()));
    if (request.ranged()) {
      String last = request.lastByte() < 0 ? "" : Long.toString(request.lastByte());
      headers.add(HttpHeaderNames.RANGE, "bytes=" + request.firstByte() + '-' + last);
    }
    OriginRequest call =
        OriginRequest.of(target, "GET", "/internal/blobs/" + request.digest(), headers, 0)
            .onBehalfOf(request.ids());
    return new Fetch(client.send(call, loop, new Answer(request, receiver)));
  }

  private record Fetch(OriginCall call) implements BlobFetch {
    @Override
    public void pause() {
      call.pause();
    }

    @Override
    public void resume() {
      call.resume();
    }

    @Override
    public void cancel() {
      call.cancel();
    }
  }

  private static final class Answer implements OriginListener {
    private final BlobRequest request;
    private final BlobReceiver receiver;
    private boolean refused;
    private long left;

    Answer(BlobRequest request, BlobReceiver receiver) {
      this.request = request;
      this.receiver = receiver;
    }

    @Override
    public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
      if (status != (request.ranged() ? 206 : 200) || length < 0) {
        refused = true;
        // A blob that is missing is no 404: the manifest says that the file is there.
        String message = "blob " + request.digest() + ": status " + status + ", length " + length;
        receiver.failed(new EdgeException(EdgeError.ORIGIN_FAILED, message));
        return;
      }
      left = length;
      receiver.head(
          new BlobHead(
              otherwise(headers.first("content-encoding"), "identity"),
              length,
              variants(otherwise(headers.first("portico-variants"), "")),
              "complete".equals(headers.first("portico-variants-state"))));
    }

    private static String otherwise(@Nullable String value, String other) {
      return value == null ? other : value;
    }

    private static Set<String> variants(String list) {
      return Arrays.stream(list.split(",", -1))
          .map(String::strip)
          .filter(coding -> !coding.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void data(ByteBuf bytes) {
      if (refused) {
        bytes.release();
      } else {
        left -= bytes.readableBytes();
        receiver.data(bytes);
      }
    }

    @Override
    public void end(HeaderFields trailers) {
      if (refused) {
        return;
      }
      if (left == 0) {
        receiver.end();
      } else {
        receiver.failed(new EdgeException(EdgeError.ORIGIN_CLOSED, "blob cut short"));
      }
    }

    @Override
    public void failed(EdgeException failure) {
      if (!refused) {
        receiver.failed(failure);
      }
    }
  }
}
