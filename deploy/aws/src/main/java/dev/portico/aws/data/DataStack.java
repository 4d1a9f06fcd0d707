package dev.portico.aws.data;

import dev.portico.aws.settings.Settings;
import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.MissingRemovalPolicies;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.RemovalPolicyProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/** What outlives everything: kept when the stack is deleted, and protected from that. */
public final class DataStack extends Stack {
  /** How the access log is asked; what it asks is in a bucket. */
  private static final List<String> DELETABLE =
      List.of(
          "AWS::Glue::Database",
          "AWS::Glue::Table",
          "AWS::Athena::WorkGroup",
          "AWS::Athena::NamedQuery");

  private final Key key;
  private final Files files;
  private final AccessLog accessLog;
  private final Facts facts;
  private final People people;
  private final Repositories repositories;
  private final Secrets secrets;

  /** The stack of these settings. */
  public DataStack(Construct scope, Settings settings) {
    super(
        scope,
        settings.dataStack(),
        StackProps.builder()
            .stackName(settings.dataStack())
            .description("Portico: files, facts, accounts, images, secrets, access log")
            .env(
                Environment.builder().account(settings.account()).region(settings.region()).build())
            .terminationProtection(true)
            .build());
    key =
        Key.Builder.create(this, "Key")
            .alias(settings.name())
            .description("Portico: bucket, table, secrets")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    files = new Files(this, key);
    accessLog = new AccessLog(this, settings, key, files.accessLogs());
    facts = new Facts(this, key);
    people = new People(this, settings);
    repositories = new Repositories(this, settings.name());
    secrets = new Secrets(this, settings.name(), key);
    // A pool without its clients, a bucket without its policy would be of little use. Yet nothing
    // may be in the way of a second try when the first deployment has failed.
    MissingRemovalPolicies.of(this)
        .retainOnUpdateOrDelete(
            RemovalPolicyProps.builder().excludeResourceTypes(DELETABLE).build());
    output(
        "Registry",
        settings.account() + ".dkr.ecr." + settings.region() + ".amazonaws.com/" + settings.name());
    output("UserPool", people.pool().getUserPoolId());
    output("AppClients", String.join(",", people.clientIds()));
    output("Bucket", files.bucket().getBucketName());
    output("AccessLogBucket", accessLog.bucket().getBucketName());
    output("Table", facts.table().getTableName());
  }

  private void output(String name, String value) {
    CfnOutput.Builder.create(this, name).value(value).build();
  }

  /** Encrypts bucket, table and secrets. */
  public Key key() {
    return key;
  }

  /** The buckets. */
  public Files files() {
    return files;
  }

  /** The gateways' access log as files, and how it is asked. */
  public AccessLog accessLog() {
    return accessLog;
  }

  /** The table. */
  public Facts facts() {
    return facts;
  }

  /** The accounts. */
  public People people() {
    return people;
  }

  /** The images. */
  public Repositories repositories() {
    return repositories;
  }

  /** The secrets. */
  public Secrets secrets() {
    return secrets;
  }
}
