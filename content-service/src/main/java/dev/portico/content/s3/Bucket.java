package dev.portico.content.s3;

import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * The bucket. Calls block and are meant for virtual threads; how many run at the same time is
 * bounded by the connection pool. Whatever fails for good is thrown as a {@link BucketException}
 * after the SDK's own retries; "there is no such object" is an answer, not a failure.
 */
public final class Bucket implements AutoCloseable {
  private static final int DELETE_CHUNK = 1000;

  private final S3Client client;
  private final String name;

  Bucket(S3Client client, String name) {
    this.client = client;
    this.name = name;
  }

  /** Stores an object, replacing what is there. */
  public void put(String key, Bytes bytes, String type) {
    put(key, List.of(bytes), type);
  }

  /**
   * Stores an object, replacing what is there.
   *
   * @param pieces that make up the object, in their order
   */
  public void put(String key, List<Bytes> pieces, String type) {
    call("store " + key, () -> client.putObject(request(key, type).build(), body(pieces)));
  }

  /**
   * Stores an object unless one with this key exists (If-None-Match: *).
   *
   * @return whether it was stored
   */
  public boolean putIfAbsent(String key, Bytes bytes, String type) {
    return call(
        "store " + key,
        () -> {
          try {
            client.putObject(request(key, type).ifNoneMatch("*").build(), body(List.of(bytes)));
            return true;
          } catch (S3Exception e) {
            // 409: another conditional write of the key is under way; one of the two will win.
            if (e.statusCode() == 412 || e.statusCode() == 409) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Opens an object; empty when there is none. */
  public Optional<OpenObject> get(String key) {
    return open(key, null);
  }

  /**
   * Opens a part of an object; empty when there is none.
   *
   * @param first position of the first byte, which exists
   * @param last position of the last byte, inclusive; cut at the end of the object
   */
  public Optional<OpenObject> get(String key, long first, long last) {
    return open(key, "bytes=" + first + "-" + last);
  }

  private Optional<OpenObject> open(String key, @Nullable String range) {
    return call(
        "read " + key,
        () -> {
          try {
            return Optional.of(
                new OpenObject(
                    client.getObject(
                        GetObjectRequest.builder().bucket(name).key(key).range(range).build())));
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  /** Asks for an object's facts; empty when there is none. */
  public Optional<ObjectFacts> head(String key) {
    return call(
        "look up " + key,
        () -> {
          try {
            var head = client.headObject(it -> it.bucket(name).key(key));
            return Optional.of(new ObjectFacts(key, head.contentLength(), head.lastModified()));
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Copies an object within the bucket, without the bytes passing here. Up to 5 GB, S3's limit.
   *
   * @return false when the source does not exist
   */
  public boolean copy(String from, String to) {
    return call(
        "copy " + from,
        () -> {
          try {
            client.copyObject(
                it ->
                    it.sourceBucket(name)
                        .sourceKey(from)
                        .destinationBucket(name)
                        .destinationKey(to));
            return true;
          } catch (NoSuchKeyException e) {
            return false;
          }
        });
  }

  /** Removes objects; those that do not exist are ignored. */
  public void delete(Collection<String> keys) {
    var all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += DELETE_CHUNK) {
      List<ObjectIdentifier> chunk =
          all.subList(from, Math.min(all.size(), from + DELETE_CHUNK)).stream()
              .map(key -> ObjectIdentifier.builder().key(key).build())
              .toList();
      call(
          "delete",
          () -> {
            var response =
                client.deleteObjects(
                    it -> it.bucket(name).delete(delete -> delete.objects(chunk).quiet(true)));
            if (response.hasErrors() && !response.errors().isEmpty()) {
              var first = response.errors().getFirst();
              throw new BucketException(
                  "S3 did not delete " + first.key() + ": " + first.code(), null);
            }
            return response;
          });
    }
  }

  /**
   * Lists objects in the order of their keys, up to 1,000 a page.
   *
   * @param cursor {@link ObjectPage#next()} of the page before, null: the first page
   */
  public ObjectPage list(String prefix, @Nullable String cursor) {
    return call(
        "list " + prefix,
        () -> {
          var page =
              client.listObjectsV2(
                  ListObjectsV2Request.builder()
                      .bucket(name)
                      .prefix(prefix)
                      .continuationToken(cursor)
                      .build());
          return new ObjectPage(
              page.contents().stream()
                  .map(it -> new ObjectFacts(it.key(), it.size(), it.lastModified()))
                  .toList(),
              Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null);
        });
  }

  /** Starts a multipart upload; returns S3's name of it. */
  public String startUpload(String key, String type) {
    return call(
        "start uploading " + key,
        () ->
            client
                .createMultipartUpload(
                    CreateMultipartUploadRequest.builder()
                        .bucket(name)
                        .key(key)
                        .contentType(type)
                        .build())
                .uploadId());
  }

  /**
   * Sends a part of a multipart upload: at least 5 MiB, except the last.
   *
   * @param number from 1 to 10,000
   * @return the part's ETag, wanted by {@link #completeUpload}
   */
  public String uploadPart(String key, String uploadId, int number, Bytes bytes) {
    return call(
        "upload part " + number + " of " + key,
        () ->
            client
                .uploadPart(
                    UploadPartRequest.builder()
                        .bucket(name)
                        .key(key)
                        .uploadId(uploadId)
                        .partNumber(number)
                        .contentLength((long) bytes.length())
                        .build(),
                    body(List.of(bytes)))
                .eTag());
  }

  /**
   * Makes the object of its parts.
   *
   * @param etags of all parts, in the order of their numbers
   */
  public void completeUpload(String key, String uploadId, List<String> etags) {
    var parts = new ArrayList<CompletedPart>();
    for (String etag : etags) {
      parts.add(CompletedPart.builder().partNumber(parts.size() + 1).eTag(etag).build());
    }
    call(
        "complete " + key,
        () ->
            client.completeMultipartUpload(
                it ->
                    it.bucket(name)
                        .key(key)
                        .uploadId(uploadId)
                        .multipartUpload(upload -> upload.parts(parts))));
  }

  /** Gives up a multipart upload and its parts; harmless when it is gone. */
  public void abortUpload(String key, String uploadId) {
    call(
        "abort uploading " + key,
        () -> {
          try {
            client.abortMultipartUpload(it -> it.bucket(name).key(key).uploadId(uploadId));
          } catch (S3Exception e) {
            if (e.statusCode() != 404) {
              throw e;
            }
          }
          return true;
        });
  }

  /** Lists all multipart uploads under a prefix that were neither completed nor aborted. */
  public List<UnfinishedUpload> unfinishedUploads(String prefix) {
    return call(
        "list uploads",
        () -> {
          var uploads = new ArrayList<UnfinishedUpload>();
          client
              .listMultipartUploadsPaginator(
                  ListMultipartUploadsRequest.builder().bucket(name).prefix(prefix).build())
              .uploads()
              .forEach(
                  it -> uploads.add(new UnfinishedUpload(it.key(), it.uploadId(), it.initiated())));
          return uploads;
        });
  }

  /** Fails unless the bucket answers. */
  public void ping() {
    call("reach the bucket", () -> client.headBucket(it -> it.bucket(name)));
  }

  @Override
  public void close() {
    client.close();
  }

  private PutObjectRequest.Builder request(String key, String type) {
    return PutObjectRequest.builder().bucket(name).key(key).contentType(type);
  }

  private static RequestBody body(List<Bytes> pieces) {
    return RequestBody.fromContentProvider(
        () ->
            pieces.size() == 1
                ? pieces.getFirst().stream()
                : new SequenceInputStream(
                    Collections.enumeration(pieces.stream().map(Bytes::stream).toList())),
        pieces.stream().mapToLong(Bytes::length).sum(),
        "application/octet-stream");
  }

  private interface Call<T> {
    T run();
  }

  private static <T> T call(String what, Call<T> call) {
    try {
      return call.run();
    } catch (SdkException e) {
      throw new BucketException("S3 failed to " + what + ": " + e.getMessage(), e);
    }
  }
}
