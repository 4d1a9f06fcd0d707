package dev.portico.aws.data;

import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexPropsV2;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.TableEncryptionV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.kms.IKey;
import software.constructs.Construct;

/** The table of deploy/contracts/table.json, on demand, that can go back 35 days. */
public final class Facts extends Construct {
  /** The index's name. */
  public static final String INDEX = "gsi1";

  private static final int RECOVERY_DAYS = 35;

  private final TableV2 table;

  /** The table, encrypted with {@code key}. */
  public Facts(Construct scope, IKey key) {
    super(scope, "Facts");
    table =
        TableV2.Builder.create(this, "Table")
            .partitionKey(text("pk"))
            .sortKey(text("sk"))
            .globalSecondaryIndexes(
                List.of(
                    GlobalSecondaryIndexPropsV2.builder()
                        .indexName(INDEX)
                        .partitionKey(text("gsi1pk"))
                        .sortKey(text("gsi1sk"))
                        .projectionType(ProjectionType.ALL)
                        .build()))
            .billing(Billing.onDemand())
            .timeToLiveAttribute("expiresAt")
            .dynamoStream(StreamViewType.NEW_AND_OLD_IMAGES)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder()
                    .pointInTimeRecoveryEnabled(true)
                    .recoveryPeriodInDays(RECOVERY_DAYS)
                    .build())
            .encryption(TableEncryptionV2.customerManagedKey(key))
            .deletionProtection(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
  }

  private static Attribute text(String name) {
    return Attribute.builder().name(name).type(AttributeType.STRING).build();
  }

  /** The table. */
  public TableV2 table() {
    return table;
  }
}
