package dev.portico.aws.data;

import dev.portico.aws.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.athena.CfnNamedQuery;
import software.amazon.awscdk.services.athena.CfnWorkGroup;
import software.amazon.awscdk.services.athena.CfnWorkGroup.EncryptionConfigurationProperty;
import software.amazon.awscdk.services.athena.CfnWorkGroup.EngineVersionProperty;
import software.amazon.awscdk.services.athena.CfnWorkGroup.ResultConfigurationProperty;
import software.amazon.awscdk.services.athena.CfnWorkGroup.WorkGroupConfigurationProperty;
import software.amazon.awscdk.services.glue.CfnDatabase;
import software.amazon.awscdk.services.glue.CfnDatabase.DatabaseInputProperty;
import software.amazon.awscdk.services.glue.CfnTable;
import software.amazon.awscdk.services.glue.CfnTable.ColumnProperty;
import software.amazon.awscdk.services.glue.CfnTable.SerdeInfoProperty;
import software.amazon.awscdk.services.glue.CfnTable.StorageDescriptorProperty;
import software.amazon.awscdk.services.glue.CfnTable.TableInputProperty;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/**
 * The gateways' access log as files of a bucket, one folder a day, and how it is asked: a table,
 * and the queries of deploy/aws/queries in a work group of Athena. The edge stack delivers the
 * lines.
 */
public final class AccessLog extends Construct {
  /** Where the lines are, below which a folder is a day of UTC: {@code day=2026-11-29/}. */
  public static final String LINES = "requests/";

  /** Where lines go that could not be delivered. */
  public static final String FAILED = "failed/";

  /** The name of the partition, and the form of its values in Java's letters. */
  public static final String PARTITION = "day";

  /** The form of a day, in Java's letters. */
  public static final String DAY = "yyyy-MM-dd";

  private static final String RESULTS = "results/";
  private static final String TABLE = "access_log";
  private static final int FAILED_DAYS = 30;
  private static final int RESULT_DAYS = 7;
  private static final int UPLOAD_DAYS = 7;

  /** Bytes that one query may read: 0.50 USD at 5 USD for a TB. */
  private static final long QUERY_BYTES = 100_000_000_000L;

  /** Files of deploy/aws/queries without their ending. */
  private static final List<String> QUERIES =
      List.of("top-paths", "errors-by-behaviour", "bandwidth-by-site", "hit-ratio-by-hour");

  private final Bucket bucket;

  /**
   * Bucket, table and queries.
   *
   * @param key encrypts lines and results of queries
   * @param accessLogs who asked the bucket is written down there
   */
  public AccessLog(Construct scope, Settings settings, IKey key, IBucket accessLogs) {
    super(scope, "AccessLog");
    bucket = bucket(settings.accessLogDays(), key, accessLogs);
    // Athena takes no hyphens.
    String database = settings.name().replace('-', '_');
    CfnDatabase catalog =
        CfnDatabase.Builder.create(this, "Database")
            .catalogId(settings.account())
            .databaseInput(
                DatabaseInputProperty.builder()
                    .name(database)
                    .description("Portico: the gateways' access log")
                    .build())
            .build();
    CfnTable table =
        CfnTable.Builder.create(this, "Table")
            .catalogId(settings.account())
            .databaseName(database)
            .tableInput(table(settings.accessLogDays()))
            .build();
    table.getNode().addDependency(catalog);
    CfnWorkGroup group = group(settings.name(), key);
    for (String query : QUERIES) {
      String text = text(query);
      CfnNamedQuery.Builder.create(this, query)
          .name(query)
          .description(text.lines().findFirst().orElseThrow().substring("-- ".length()))
          .database(database)
          .workGroup(settings.name())
          .queryString(text)
          .build()
          .getNode()
          .addDependency(group);
    }
  }

  private Bucket bucket(int days, IKey key, IBucket accessLogs) {
    return Bucket.Builder.create(this, "Bucket")
        .encryption(BucketEncryption.KMS)
        .encryptionKey(key)
        .bucketKeyEnabled(true)
        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
        .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
        .enforceSsl(true)
        .minimumTlsVersion(1.2)
        .lifecycleRules(
            List.of(
                ends("lines", LINES, days),
                ends("failed-lines", FAILED, FAILED_DAYS),
                ends("results-of-queries", RESULTS, RESULT_DAYS),
                LifecycleRule.builder()
                    .id("unfinished-parts")
                    .abortIncompleteMultipartUploadAfter(Duration.days(UPLOAD_DAYS))
                    .build()))
        .serverAccessLogsBucket(accessLogs)
        .serverAccessLogsPrefix("access-log/")
        .removalPolicy(RemovalPolicy.RETAIN)
        .build();
  }

  private static LifecycleRule ends(String id, String prefix, int days) {
    return LifecycleRule.builder().id(id).prefix(prefix).expiration(Duration.days(days)).build();
  }

  private TableInputProperty table(int days) {
    String lines = "s3://" + bucket.getBucketName() + "/" + LINES;
    return TableInputProperty.builder()
        .name(TABLE)
        .description("A line is a request; fields are those of docs/gateway-service.md")
        .tableType("EXTERNAL_TABLE")
        .partitionKeys(List.of(column(PARTITION, "string")))
        .parameters(
            new TreeMap<>(
                Map.of(
                    "EXTERNAL",
                    "TRUE",
                    // Athena reckons which folders there are, so that nobody has to tell it each
                    // day.
                    "projection.enabled",
                    "true",
                    "projection.day.type",
                    "date",
                    "projection.day.format",
                    DAY,
                    "projection.day.range",
                    "NOW-" + days + "DAYS,NOW",
                    "storage.location.template",
                    lines + PARTITION + "=${" + PARTITION + "}/")))
        .storageDescriptor(
            StorageDescriptorProperty.builder()
                .location(lines)
                .compressed(true)
                .inputFormat("org.apache.hadoop.mapred.TextInputFormat")
                .outputFormat("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
                .serdeInfo(
                    SerdeInfoProperty.builder()
                        .serializationLibrary("org.openx.data.jsonserde.JsonSerDe")
                        // One line that is cut must not fail every query of its day.
                        .parameters(Map.of("ignore.malformed.json", "true"))
                        .build())
                .columns(
                    List.of(
                        column("time", "string"),
                        column("requestid", "string"),
                        column("trace", "string"),
                        column("client", "string"),
                        column("method", "string"),
                        column("scheme", "string"),
                        column("host", "string"),
                        column("path", "string"),
                        column("protocol", "string"),
                        column("status", "bigint"),
                        column("outcome", "string"),
                        column("site", "string"),
                        column("behaviour", "string"),
                        column("error", "string"),
                        column("completed", "boolean"),
                        column("bytessent", "bigint"),
                        column("bytesreceived", "bigint"),
                        column("micros", "bigint"),
                        column("firstbytemicros", "bigint"),
                        column("originmicros", "bigint"),
                        column("useragent", "string"),
                        column("referer", "string")))
                .build())
        .build();
  }

  private static ColumnProperty column(String name, String type) {
    return ColumnProperty.builder().name(name).type(type).build();
  }

  private CfnWorkGroup group(String name, IKey key) {
    return CfnWorkGroup.Builder.create(this, "WorkGroup")
        .name(name)
        .description("Portico: queries of the gateways' access log")
        .recursiveDeleteOption(false)
        .workGroupConfiguration(
            WorkGroupConfigurationProperty.builder()
                .enforceWorkGroupConfiguration(true)
                .publishCloudWatchMetricsEnabled(true)
                .bytesScannedCutoffPerQuery(QUERY_BYTES)
                .engineVersion(
                    EngineVersionProperty.builder()
                        .selectedEngineVersion("Athena engine version 3")
                        .build())
                .resultConfiguration(
                    ResultConfigurationProperty.builder()
                        .outputLocation("s3://" + bucket.getBucketName() + "/" + RESULTS)
                        .encryptionConfiguration(
                            EncryptionConfigurationProperty.builder()
                                .encryptionOption("SSE_KMS")
                                .kmsKey(key.getKeyArn())
                                .build())
                        .build())
                .build())
        .build();
  }

  private static String text(String query) {
    try (InputStream file = AccessLog.class.getResourceAsStream("queries/" + query + ".sql")) {
      if (file == null) {
        throw new IllegalStateException(query + ".sql is not on the class path");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the lines, and of results of queries. */
  public IBucket bucket() {
    return bucket;
  }
}
