package dev.portico.content.deployment;

import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object written as a stream: in one request when it is small, else in parts, so that the
 * largest manifest takes no more memory than one part. Nothing can be read before {@link
 * #complete()}.
 */
final class ManifestUpload extends OutputStream {
  private static final int PART = 8 << 20;
  private static final String TYPE = "application/json";

  private final Bucket bucket;
  private final String key;
  private final List<String> etags = new ArrayList<>();
  private final Part buffer = new Part();
  private @Nullable String upload;
  private boolean completed;

  ManifestUpload(Bucket bucket, String key) {
    this.bucket = bucket;
    this.key = key;
  }

  @Override
  public void write(int b) {
    buffer.write(b);
    sendFull();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    buffer.write(bytes, offset, length);
    sendFull();
  }

  /** Makes the object visible. */
  void complete() {
    if (upload == null) {
      bucket.put(key, buffer.bytes(), TYPE);
    } else {
      send(upload);
      bucket.completeUpload(key, upload, etags);
    }
    completed = true;
  }

  /** Gives up what was not completed. */
  @Override
  public void close() {
    if (upload != null && !completed) {
      bucket.abortUpload(key, upload);
    }
  }

  private void sendFull() {
    if (buffer.size() >= PART) {
      String begun = upload == null ? bucket.startUpload(key, TYPE) : upload;
      upload = begun;
      send(begun);
    }
  }

  private void send(String begun) {
    if (buffer.size() > 0) {
      etags.add(bucket.uploadPart(key, begun, etags.size() + 1, buffer.bytes()));
      buffer.reset();
    }
  }

  /** Gives its array away without copying it. */
  private static final class Part extends ByteArrayOutputStream {
    Bytes bytes() {
      return new Bytes(buf, 0, count);
    }
  }
}
