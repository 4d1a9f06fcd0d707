package dev.portico.aws.edge;

import dev.portico.aws.data.Facts;
import dev.portico.aws.data.Secrets;
import dev.portico.aws.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.constructs.Construct;

/**
 * content-service: the only one with rights to the bucket and the whole table, and to nothing else.
 */
final class ContentService extends Construct {
  private static final String SPOOL = "/var/lib/portico/spool";
  private static final int STOP_SECONDS = 120;

  private final FargateService service;

  ContentService(Construct scope, Context context) {
    super(scope, "Content");
    Settings settings = context.settings();
    service =
        InnerService.run(
            this,
            context,
            Context.CONTENT,
            context.network().content(),
            new Task(
                "content-service",
                settings.content(),
                context.data().repositories().content(),
                settings.images().content(),
                List.of(Port.CONTENT_API, Port.CONTENT_INTERNAL),
                Port.CONTENT_MANAGEMENT,
                Task.READINESS,
                STOP_SECONDS,
                environment(context),
                secrets(context.data().secrets(), new SecretFields(this)),
                List.of("/tmp", SPOOL),
                context.logs().content(),
                rights(context)));
  }

  private static Map<String, String> environment(Context context) {
    Map<String, String> environment = context.environment();
    environment.put("PORTICO_SITE_DOMAIN", context.settings().domains().sites().name());
    environment.put("PORTICO_API_DOMAIN", context.settings().domains().api().name());
    environment.put("PORTICO_DYNAMODB_TABLE", context.data().facts().table().getTableName());
    environment.put("PORTICO_S3_BUCKET", context.data().files().bucket().getBucketName());
    environment.put("PORTICO_SPOOL_DIRECTORY", SPOOL);
    environment.put("PORTICO_AUTH_INTERNAL", Port.AUTH_INTERNAL.at(Context.AUTH));
    environment.put("PORTICO_SHUTDOWN_GRACE", "90s");
    return environment;
  }

  private static Map<String, Secret> secrets(Secrets secrets, SecretFields fields) {
    ISecret gateways = secrets.gatewayToContent();
    return new TreeMap<>(
        Map.of(
            "PORTICO_INTERNAL_SECRETS", fields.of(gateways, Secrets.PRESENT),
            "PORTICO_INTERNAL_SECRETS_MORE", fields.of(gateways, Secrets.ALSO),
            "PORTICO_AUTH_SECRET", fields.of(secrets.contentToAuth(), Secrets.PRESENT)));
  }

  private static List<PolicyStatement> rights(Context context) {
    String bucket = context.data().files().bucket().getBucketArn();
    String table = context.data().facts().table().getTableArn();
    return List.of(
        Rights.to(
            "Objects",
            List.of(bucket + "/*"),
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload"),
        Rights.to(
            "ListOfObjects", List.of(bucket), "s3:ListBucket", "s3:ListBucketMultipartUploads"),
        Rights.to(
            "Items",
            List.of(table),
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem"),
        Rights.to("Index", List.of(table + "/index/" + Facts.INDEX), "dynamodb:Query"),
        Rights.toUse(context.data().key(), context.settings().region(), "s3", "dynamodb"));
  }

  FargateService service() {
    return service;
  }
}
