package dev.portico.aws.edge;

import dev.portico.aws.data.AccessLog;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.BufferingHintsProperty;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.ProcessingConfigurationProperty;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.ProcessorParameterProperty;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.ProcessorProperty;
import software.amazon.awscdk.services.logs.CfnSubscriptionFilter;
import software.amazon.awscdk.services.logs.LogStream;
import software.constructs.Construct;

/**
 * Brings the lines of the access log from CloudWatch, where gateways' output goes, to the bucket of
 * the data stack, so that the gateways need no right for it: CloudWatch sends them to Firehose
 * packed, which unpacks them, takes them out of CloudWatch's envelope and writes them as lines of
 * JSON, compressed, to the folder of the day.
 */
final class AccessLogDelivery extends Construct {
  /** At the latest after so long, in seconds, or with so many MiB, a file is written. */
  private static final int BUFFER_SECONDS = 300;

  private static final int BUFFER_MEGABYTES = 64;

  private final CfnDeliveryStream stream;

  AccessLogDelivery(Construct scope, Context context) {
    super(scope, "AccessLogDelivery");
    LogStream failures =
        LogStream.Builder.create(this, "Failures")
            .logGroup(context.logs().delivery())
            .logStreamName("s3")
            .build();
    Role writer = writer(context);
    stream =
        CfnDeliveryStream.Builder.create(this, "Stream")
            .deliveryStreamName(context.settings().name() + "-access-log")
            .deliveryStreamType("DirectPut")
            .deliveryStreamEncryptionConfigurationInput(
                DeliveryStreamEncryptionConfigurationInputProperty.builder()
                    .keyType("AWS_OWNED_CMK")
                    .build())
            .extendedS3DestinationConfiguration(destination(context, writer, failures))
            .build();
    stream.getNode().addDependency(writer);
    Role subscriber = subscriber(context);
    CfnSubscriptionFilter subscription =
        CfnSubscriptionFilter.Builder.create(this, "Subscription")
            .filterName("access-log")
            .logGroupName(context.logs().gateway().getLogGroupName())
            // The gateways' own lines have no outcome.
            .filterPattern("{ $.outcome = * }")
            .destinationArn(stream.getAttrArn())
            .roleArn(subscriber.getRoleArn())
            .build();
    // CloudWatch tries the way when it is made.
    subscription.getNode().addDependency(subscriber);
  }

  private Role writer(Context context) {
    String bucket = context.data().accessLog().bucket().getBucketArn();
    Role role =
        Role.Builder.create(this, "Writer")
            .assumedBy(
                ServicePrincipal.Builder.create("firehose.amazonaws.com")
                    .conditions(
                        Map.of(
                            "StringEquals",
                            Map.of("aws:SourceAccount", context.settings().account())))
                    .build())
            .build();
    List.of(
            Rights.to("Files", List.of(bucket + "/*"), "s3:PutObject", "s3:AbortMultipartUpload"),
            Rights.to(
                "Bucket",
                List.of(bucket),
                "s3:GetBucketLocation",
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads"),
            Rights.to(
                "Failures",
                List.of(context.logs().delivery().getLogGroupArn()),
                "logs:PutLogEvents"),
            Rights.toUse(context.data().key(), context.settings().region(), "s3"))
        .forEach(role::addToPolicy);
    return role;
  }

  private Role subscriber(Context context) {
    String lines =
        "arn:aws:logs:%s:%s:*".formatted(context.settings().region(), context.settings().account());
    Role role =
        Role.Builder.create(this, "Subscriber")
            .assumedBy(
                ServicePrincipal.Builder.create("logs.amazonaws.com")
                    .conditions(Map.of("StringLike", Map.of("aws:SourceArn", lines)))
                    .build())
            .build();
    role.addToPolicy(
        Rights.to(
            "Lines",
            List.of(stream.getAttrArn()),
            "firehose:PutRecord",
            "firehose:PutRecordBatch"));
    return role;
  }

  private static ExtendedS3DestinationConfigurationProperty destination(
      Context context, Role writer, LogStream failures) {
    String day = AccessLog.PARTITION + "=!{timestamp:" + AccessLog.DAY + "}/";
    return ExtendedS3DestinationConfigurationProperty.builder()
        .bucketArn(context.data().accessLog().bucket().getBucketArn())
        .roleArn(writer.getRoleArn())
        .prefix(AccessLog.LINES + day)
        .errorOutputPrefix(AccessLog.FAILED + "!{firehose:error-output-type}/" + day)
        .customTimeZone("UTC")
        .compressionFormat("GZIP")
        .bufferingHints(
            BufferingHintsProperty.builder()
                .intervalInSeconds(BUFFER_SECONDS)
                .sizeInMBs(BUFFER_MEGABYTES)
                .build())
        .cloudWatchLoggingOptions(
            CloudWatchLoggingOptionsProperty.builder()
                .enabled(true)
                .logGroupName(context.logs().delivery().getLogGroupName())
                .logStreamName(failures.getLogStreamName())
                .build())
        .processingConfiguration(
            ProcessingConfigurationProperty.builder()
                .enabled(true)
                // In this order.
                .processors(
                    List.of(
                        processor("Decompression", "CompressionFormat", "GZIP"),
                        processor("CloudWatchLogProcessing", "DataMessageExtraction", "true")))
                .build())
        .build();
  }

  private static ProcessorProperty processor(String type, String parameter, String value) {
    return ProcessorProperty.builder()
        .type(type)
        .parameters(
            List.of(
                ProcessorParameterProperty.builder()
                    .parameterName(parameter)
                    .parameterValue(value)
                    .build()))
        .build();
  }

  /** The name of the stream, by which it is watched. */
  String stream() {
    return stream.getRef();
  }
}
