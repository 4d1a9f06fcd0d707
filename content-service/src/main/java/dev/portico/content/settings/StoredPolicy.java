package dev.portico.content.settings;

import dev.portico.content.error.Problem;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A policy that sites share as it is kept: the document as it was given, without defaults, so that
 * these can improve.
 */
public final class StoredPolicy {
  private static final String KIND = "kind";
  private static final String ID = "id";

  private final String json;
  private final PolicyDocument document;

  private StoredPolicy(String json, PolicyDocument document) {
    this.json = json;
    this.document = document;
  }

  /**
   * What a request gives.
   *
   * @param id that the policy has or is to have
   * @param request the whole document as JSON, in UTF-8
   * @throws Problem 400 naming everything that is wrong with it, 413 when it is too large
   */
  public static StoredPolicy given(String id, byte[] request) {
    JsonNode node = StoredSettings.parseRequest(request);
    Faults faults = new Faults();
    PolicyDocument read = read(id, node, faults);
    faults.refuse();
    String json = StoredSettings.write(node);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.POLICY_BYTES) {
      throw Problem.tooLarge(
          "The policy has " + bytes + " bytes; at most " + Limits.POLICY_BYTES + " can be stored.");
    }
    return new StoredPolicy(json, read);
  }

  /**
   * What was stored, read leniently: it was right when it was accepted.
   *
   * @param json as of {@link #json()}
   * @throws UncheckedIOException when it is damaged
   */
  public static StoredPolicy of(String id, String json) {
    try {
      JsonNode node = StoredSettings.parse(json.getBytes(StandardCharsets.UTF_8));
      return new StoredPolicy(json, read(id, node, new Faults()));
    } catch (IOException e) {
      throw new UncheckedIOException("the shared policy " + id + " is damaged", e);
    }
  }

  private static PolicyDocument read(String id, JsonNode node, Faults faults) {
    return Fields.read("", named(id, node, faults), faults, fields -> read(fields, faults));
  }

  private static PolicyDocument read(Fields fields, Faults faults) {
    @Nullable CachePolicy cache = fields.object(PolicyKind.CACHE.text(), CachePolicyReader::read);
    @Nullable OriginRequestPolicy originRequest =
        fields.object(PolicyKind.ORIGIN_REQUEST.text(), OriginRequestPolicyReader::read);
    @Nullable ResponseHeadersPolicy responseHeaders =
        fields.object(PolicyKind.RESPONSE_HEADERS.text(), ResponseHeadersPolicyReader::read);
    long given =
        Stream.of(cache, originRequest, responseHeaders).filter(each -> each != null).count();
    if (given != 1) {
      faults.add("", "must have one of cache, originRequest and responseHeaders");
    }
    PolicyKind kind =
        cache != null
            ? PolicyKind.CACHE
            : originRequest != null ? PolicyKind.ORIGIN_REQUEST : PolicyKind.RESPONSE_HEADERS;
    String said = fields.text(KIND);
    if (said != null && given == 1 && !said.equals(kind.text())) {
      fields.fault(KIND, "is not that of the policy, which is " + kind.text());
    }
    return new PolicyDocument(kind.text(), cache, originRequest, responseHeaders);
  }

  /** The document with the id of the path in each policy, where it says none or the same. */
  private static JsonNode named(String id, JsonNode node, Faults faults) {
    if (!node.isObject()) {
      return node;
    }
    var members = new LinkedHashMap<String, JsonNode>();
    for (Map.Entry<String, JsonNode> member : node.entries()) {
      boolean policy = PolicyKind.of(member.getKey()).isPresent() && member.getValue().isObject();
      members.put(
          member.getKey(),
          policy ? named(id, member.getKey(), member.getValue(), faults) : member.getValue());
    }
    return JsonNode.createObjectNode(members);
  }

  private static JsonNode named(String id, String kind, JsonNode policy, Faults faults) {
    JsonNode given = policy.get(ID);
    if (given != null
        && !given.isNull()
        && !(given.isString() && given.getStringValue().equals(id))) {
      faults.add(kind + '.' + ID, "is not that of the path");
    }
    var members = new LinkedHashMap<String, JsonNode>();
    policy.entries().forEach(each -> members.put(each.getKey(), each.getValue()));
    members.put(ID, JsonNode.createStringNode(id));
    return JsonNode.createObjectNode(members);
  }

  /** Whether a text is what ids of policies are: there can be a policy of it. */
  public static boolean isId(String text) {
    return OriginReader.isId(text);
  }

  /** Of which kind it is. */
  public PolicyKind kind() {
    return PolicyKind.of(document.kind()).orElseThrow();
  }

  /** The document as it is kept. */
  public String json() {
    return json;
  }

  /** What the API shows: every default filled in. */
  public PolicyDocument shown() {
    return document;
  }

  /** As gateways get it. */
  public PolicyDocument compiled() {
    ResponseHeadersPolicy headers = document.responseHeaders();
    return new PolicyDocument(
        document.kind(),
        document.cache(),
        document.originRequest(),
        headers == null ? null : headers.compiled());
  }
}
