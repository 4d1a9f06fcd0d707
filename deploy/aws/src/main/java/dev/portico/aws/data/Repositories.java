package dev.portico.aws.data;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.ImageTagMutabilityExclusionFilter;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.ecr.TagStatus;
import software.constructs.Construct;

/** A repository for each service's images. Tags never move, but for {@code latest}. */
public final class Repositories extends Construct {
  /** Releases that can be gone back to. */
  private static final int RELEASES = 50;

  /** A release is an index, and an image for each of two processors; ECR counts them all. */
  private static final int IMAGES_OF_RELEASE = 3;

  private static final int UNTAGGED_DAYS = 14;

  private final IRepository gateway;
  private final IRepository content;
  private final IRepository auth;

  /** Repositories {@code prefix/gateway-service} and so on. */
  public Repositories(Construct scope, String prefix) {
    super(scope, "Repositories");
    gateway = repository("Gateway", prefix + "/gateway-service");
    content = repository("Content", prefix + "/content-service");
    auth = repository("Auth", prefix + "/auth-service");
  }

  private Repository repository(String id, String name) {
    return Repository.Builder.create(this, id)
        .repositoryName(name)
        .imageScanOnPush(true)
        .imageTagMutability(TagMutability.IMMUTABLE_WITH_EXCLUSION)
        // A push sets it beside the tag that counts; nothing here runs it.
        .imageTagMutabilityExclusionFilters(
            List.of(ImageTagMutabilityExclusionFilter.wildcard("latest")))
        .lifecycleRules(
            List.of(
                LifecycleRule.builder()
                    .rulePriority(1)
                    .tagStatus(TagStatus.UNTAGGED)
                    .maxImageAge(Duration.days(UNTAGGED_DAYS))
                    .build(),
                LifecycleRule.builder()
                    .rulePriority(2)
                    .tagStatus(TagStatus.ANY)
                    .maxImageCount(RELEASES * IMAGES_OF_RELEASE)
                    .build()))
        // Empty when the stack's first deployment fails: kept then, its name would be in the way.
        .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        .build();
  }

  /** Of gateway-service. */
  public IRepository gateway() {
    return gateway;
  }

  /** Of content-service. */
  public IRepository content() {
    return content;
  }

  /** Of auth-service. */
  public IRepository auth() {
    return auth;
  }
}
