package dev.portico.content.settings;

import java.util.List;

/** Reads origin request policies. */
final class OriginRequestPolicyReader {
  private OriginRequestPolicyReader() {}

  static OriginRequestPolicy read(Fields fields) {
    String id = OriginReader.id(fields, "id");
    if (ManagedOriginRequestPolicies.find(id).isPresent()) {
      fields.fault("id", "is that of a managed origin request policy of CloudFront");
    }
    return new OriginRequestPolicy(
        id,
        KeySelectionReader.read(fields, "headers", KeySelectionReader::forwardedHeaders),
        KeySelectionReader.read(fields, "cookies", KeySelectionReader::cookies),
        KeySelectionReader.read(fields, "query", KeySelectionReader::query),
        facts(fields));
  }

  private static List<String> facts(Fields fields) {
    List<String> given =
        fields.texts("viewerFacts", List.of(), Limits.VIEWER_FACTS).stream()
            .map(ViewerFacts::spelled)
            .toList();
    for (int i = 0; i < given.size(); i++) {
      String refusal = ViewerFacts.refusal(given.get(i));
      boolean twice = given.indexOf(given.get(i)) < i;
      fields.refuse(
          "viewerFacts[" + i + ']', refusal == null && twice ? "is there twice" : refusal);
    }
    return given;
  }
}
