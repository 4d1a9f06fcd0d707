package dev.portico.aws.edge;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;

/** Statements of policies, each action by its full name. */
final class Rights {
  private Rights() {}

  static PolicyStatement to(String sid, List<String> resources, String... actions) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .resources(resources)
        .actions(List.of(actions))
        .build();
  }

  /** To the key, by way of those services only. */
  static PolicyStatement toUse(IKey key, String region, String... services) {
    return of(
        key,
        List.of("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
        region,
        services);
  }

  /** To read what the key has encrypted, by way of that service only. */
  static PolicyStatement toRead(IKey key, String region, String service) {
    return of(key, List.of("kms:Decrypt"), region, service);
  }

  private static PolicyStatement of(
      IKey key, List<String> actions, String region, String... services) {
    return PolicyStatement.Builder.create()
        .sid("Key")
        .resources(List.of(key.getKeyArn()))
        .actions(actions)
        .conditions(
            Map.of(
                "StringEquals",
                Map.of(
                    "kms:ViaService",
                    Arrays.stream(services)
                        .map(service -> service + "." + region + ".amazonaws.com")
                        .toList())))
        .build();
  }
}
