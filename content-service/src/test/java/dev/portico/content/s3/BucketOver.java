package dev.portico.content.s3;

import software.amazon.awssdk.services.s3.S3Client;

/** A bucket over any client. */
public final class BucketOver {
  private BucketOver() {}

  /** Makes it. */
  public static Bucket client(S3Client client) {
    return new Bucket(client, "bucket");
  }
}
