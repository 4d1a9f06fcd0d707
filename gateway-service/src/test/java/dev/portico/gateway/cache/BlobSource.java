package dev.portico.gateway.cache;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.origin.BlobFetch;
import dev.portico.gateway.origin.BlobFetcher;
import dev.portico.gateway.origin.BlobHead;
import dev.portico.gateway.origin.BlobReceiver;
import dev.portico.gateway.origin.BlobRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Blobs in memory, served as content-service would, and badly on request. */
final class BlobSource implements BlobFetcher {
  private final Map<String, Map<String, byte[]>> blobs =
      Collections.synchronizedMap(new HashMap<>());
  final List<BlobRequest> requests = Collections.synchronizedList(new ArrayList<>());
  volatile boolean complete = true;
  volatile boolean down;
  volatile boolean corrupt;
  volatile boolean cut;
  volatile boolean unasked;
  volatile CountDownLatch gate = new CountDownLatch(0);
  final AtomicInteger cancelled = new AtomicInteger();

  void put(String digest, String coding, byte[] bytes) {
    blobs
        .computeIfAbsent(digest, key -> Collections.synchronizedMap(new HashMap<>()))
        .put(coding, bytes);
  }

  @Override
  public BlobFetch fetch(BlobRequest request, EventLoop loop, BlobReceiver receiver) {
    requests.add(request);
    Thread.ofVirtual().start(() -> answer(request, loop, receiver));
    return new BlobFetch() {
      @Override
      public void pause() {}

      @Override
      public void resume() {}

      @Override
      public void cancel() {
        cancelled.incrementAndGet();
      }
    };
  }

  private void answer(BlobRequest request, EventLoop loop, BlobReceiver receiver) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Map<String, byte[]> forms = blobs.get(request.digest());
    loop.execute(
        () -> {
          if (down || forms == null) {
            receiver.failed(new EdgeException(EdgeError.ORIGIN_UNREACHABLE, "down"));
          } else {
            send(request, forms, receiver);
          }
        });
  }

  private void send(BlobRequest request, Map<String, byte[]> forms, BlobReceiver receiver) {
    String coding =
        request.codings().stream().filter(forms::containsKey).findFirst().orElse("identity");
    if (unasked) {
      coding = "br";
    }
    byte[] bytes = Objects.requireNonNull(forms.get(coding)).clone();
    if (request.ranged()) {
      bytes = new byte[] {bytes[0]};
    }
    Set<String> variants = new TreeSet<>(forms.keySet());
    variants.remove("identity");
    receiver.head(new BlobHead(coding, bytes.length, variants, complete));
    if (corrupt) {
      bytes[bytes.length / 2] ^= 1;
    }
    int half = bytes.length / 2;
    receiver.data(Unpooled.wrappedBuffer(bytes, 0, half));
    if (cut) {
      receiver.failed(new EdgeException(EdgeError.ORIGIN_CLOSED, "cut"));
      return;
    }
    receiver.data(Unpooled.wrappedBuffer(bytes, half, bytes.length - half));
    receiver.end();
  }
}
