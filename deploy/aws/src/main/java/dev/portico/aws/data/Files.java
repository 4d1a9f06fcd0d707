package dev.portico.aws.data;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/** The bucket of docs/storage.md, and the one that takes down who asked it. */
public final class Files extends Construct {
  /** As long as the table can go back: a deleted object that an older table names comes back. */
  private static final int VERSION_DAYS = 35;

  private static final int UPLOAD_DAYS = 7;
  private static final int ACCESS_LOG_DAYS = 90;

  private final Bucket bucket;
  private final Bucket accessLogs;

  /** Both buckets; what is in {@code bucket} is encrypted with {@code key}. */
  public Files(Construct scope, IKey key) {
    super(scope, "Files");
    accessLogs =
        Bucket.Builder.create(this, "AccessLogs")
            .encryption(BucketEncryption.S3_MANAGED)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .lifecycleRules(
                List.of(LifecycleRule.builder().expiration(Duration.days(ACCESS_LOG_DAYS)).build()))
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    bucket =
        Bucket.Builder.create(this, "Bucket")
            .encryption(BucketEncryption.KMS)
            .encryptionKey(key)
            // One question to KMS for many objects.
            .bucketKeyEnabled(true)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .minimumTlsVersion(1.2)
            .versioned(true)
            .lifecycleRules(rules())
            .serverAccessLogsBucket(accessLogs)
            .serverAccessLogsPrefix("files/")
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
  }

  private static List<LifecycleRule> rules() {
    return List.of(
        LifecycleRule.builder()
            .id("unfinished-uploads")
            .prefix("uploads/")
            .expiration(Duration.days(UPLOAD_DAYS))
            .build(),
        LifecycleRule.builder()
            .id("unfinished-parts")
            .abortIncompleteMultipartUploadAfter(Duration.days(UPLOAD_DAYS))
            .build(),
        LifecycleRule.builder()
            .id("deleted-objects")
            .noncurrentVersionExpiration(Duration.days(VERSION_DAYS))
            // What is left of an object when its versions are gone: every list reads them.
            .expiredObjectDeleteMarker(true)
            .build());
  }

  /** Of sites' files. */
  public IBucket bucket() {
    return bucket;
  }

  /** Of access logs; the load balancer's go there too. */
  public Bucket accessLogs() {
    return accessLogs;
  }
}
