package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import dev.portico.aws.fixture.Template.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The way of the gateways' access log to files, and Athena's view of them. */
class AccessLogTest {
  private static final Path QUERIES = Deployment.module().resolve("queries");

  private final Template data = Deployment.small().data();
  private final Template edge = Deployment.small().edge();
  private final Resource table = data.one("AWS::Glue::Table", "AccessLogTable");
  private final Resource stream =
      edge.one("AWS::KinesisFirehose::DeliveryStream", "AccessLogDeliveryStream");

  @Test
  void requestsAloneAreTakenFromTheGatewaysOutput() {
    Resource filter = edge.one("AWS::Logs::SubscriptionFilter", "AccessLogDelivery");
    assertThat(filter.at("FilterPattern")).isEqualTo("{ $.outcome = * }");
    assertThat(String.valueOf(filter.at("LogGroupName"))).contains("LogsGateway");
    assertThat(String.valueOf(filter.at("DestinationArn"))).contains("AccessLogDeliveryStream");
    assertThat(String.valueOf(filter.body().get("DependsOn")))
        .as("CloudWatch tries the way when it is made")
        .contains("AccessLogDeliverySubscriberDefaultPolicy");
  }

  @Test
  void theyAreUnpackedTakenOutOfTheirEnvelopeAndWrittenAsLines() {
    String destination = "ExtendedS3DestinationConfiguration.";
    assertThat(stream.list(destination + "ProcessingConfiguration.Processors"))
        .extracting(Object::toString)
        .containsExactly(
            "{Parameters=[{ParameterName=CompressionFormat, ParameterValue=GZIP}],"
                + " Type=Decompression}",
            "{Parameters=[{ParameterName=DataMessageExtraction, ParameterValue=true}],"
                + " Type=CloudWatchLogProcessing}");
    assertThat(stream.at(destination + "CompressionFormat")).isEqualTo("GZIP");
    assertThat(stream.at("DeliveryStreamEncryptionConfigurationInput.KeyType"))
        .isEqualTo("AWS_OWNED_CMK");
    assertThat(stream.at(destination + "CloudWatchLoggingOptions.Enabled")).isEqualTo(true);
  }

  /** Firehose writes where the table looks. */
  @Test
  void foldersAreThoseThatTheTableReckonsWith() {
    assertThat(stream.at("ExtendedS3DestinationConfiguration.Prefix"))
        .isEqualTo("requests/day=!{timestamp:yyyy-MM-dd}/");
    assertThat(stream.at("ExtendedS3DestinationConfiguration.CustomTimeZone")).isEqualTo("UTC");
    assertThat(stream.at("ExtendedS3DestinationConfiguration.ErrorOutputPrefix"))
        .isEqualTo("failed/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/");
    Map<?, ?> parameters = (Map<?, ?>) Objects.requireNonNull(table.at("TableInput.Parameters"));
    assertThat(String.valueOf(parameters.get("storage.location.template")))
        .contains("AccessLogBucket", "/requests/day=${day}/");
    assertThat(parameters.get("projection.day.format")).isEqualTo("yyyy-MM-dd");
    assertThat(parameters.get("projection.day.range"))
        .as("the days for which lines are kept")
        .isEqualTo("NOW-90DAYS,NOW");
    assertThat(table.at("TableInput.PartitionKeys"))
        .isEqualTo(List.of(Map.of("Name", "day", "Type", "string")));
  }

  @Test
  void linesEndAfterTheDaysOfTheSettings() {
    Resource bucket = data.one("AWS::S3::Bucket", "AccessLogBucket");
    assertThat(bucket.list("LifecycleConfiguration.Rules"))
        .extracting(rule -> rule.get("Prefix") + " " + rule.get("ExpirationInDays"))
        .contains("requests/ 90", "failed/ 30", "results/ 7");
    assertThat(
            Deployment.production()
                .data()
                .one("AWS::S3::Bucket", "AccessLogBucket")
                .list("LifecycleConfiguration.Rules"))
        .extracting(rule -> rule.get("Prefix") + " " + rule.get("ExpirationInDays"))
        .contains("requests/ 365");
    assertThat(String.valueOf(bucket.at("BucketEncryption"))).contains("aws:kms");
  }

  @Test
  void aQueryReadsNoMoreThanItMayAndItsResultIsEncrypted() {
    Resource group = data.one("AWS::Athena::WorkGroup", "AccessLogWorkGroup");
    String configuration = "WorkGroupConfiguration.";
    assertThat(group.at("Name")).isEqualTo("portico");
    assertThat(group.at(configuration + "EnforceWorkGroupConfiguration")).isEqualTo(true);
    assertThat(group.at(configuration + "BytesScannedCutoffPerQuery")).isEqualTo(100_000_000_000L);
    assertThat(
            group.at(
                configuration + "ResultConfiguration.EncryptionConfiguration.EncryptionOption"))
        .isEqualTo("SSE_KMS");
    assertThat(String.valueOf(group.at(configuration + "ResultConfiguration.OutputLocation")))
        .contains("AccessLogBucket", "/results/");
  }

  @Test
  void theQueriesOfTheFolderAreAthenas() throws IOException {
    try (Stream<Path> files = Files.list(QUERIES)) {
      Set<String> queries =
          files
              .map(file -> file.getFileName().toString().replace(".sql", ""))
              .filter(name -> !name.equals("local"))
              .collect(Collectors.toSet());
      assertThat(data.all("AWS::Athena::NamedQuery"))
          .extracting(query -> query.at("Name"))
          .map(String::valueOf)
          .containsExactlyInAnyOrderElementsOf(queries);
    }
    for (Resource query : data.all("AWS::Athena::NamedQuery")) {
      assertThat(query.at("QueryString"))
          .isEqualTo(Files.readString(QUERIES.resolve(query.at("Name") + ".sql")));
      assertThat(query.at("Database")).isEqualTo("portico");
      assertThat(query.at("WorkGroup")).isEqualTo("portico");
      assertThat(String.valueOf(query.at("Description"))).hasSizeGreaterThan(20).endsWith(".");
    }
  }

  @Test
  void linesThatAreLateAreTold() {
    Resource alarm = edge.one("AWS::CloudWatch::Alarm", "Pageraccessloglate");
    assertThat(alarm.at("MetricName")).isEqualTo("DeliveryToS3.DataFreshness");
    assertThat(String.valueOf(alarm.at("Dimensions"))).contains("AccessLogDeliveryStream");
    int gathered =
        (Integer)
            Objects.requireNonNull(
                stream.at("ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds"));
    assertThat((Integer) alarm.at("Threshold")).isGreaterThan(3 * gathered);
  }
}
