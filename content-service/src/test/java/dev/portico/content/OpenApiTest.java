package dev.portico.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The document that the build makes says of every route what it answers, and how it fails. */
class OpenApiTest {
  /** Routes whose success has no body. */
  private static final List<String> SILENT =
      List.of(
          "deleteAlias",
          "deleteDeployment",
          "deleteHost",
          "deleteMember",
          "deletePolicy",
          "deleteSite",
          "deleteToken",
          "putBlob",
          "putMember");

  /** Routes that answer 201 when they have made something, and 200 when it was there. */
  private static final Set<String> FOUND_OR_MADE =
      Set.of(
          "beginUpload",
          "createInvalidation",
          "invalidatePlatform",
          "publishArchive",
          "putAlias",
          "putHost",
          "putPolicy");

  private final Map<String, Object> document = load();

  private static Map<String, Object> load() {
    try (InputStream in =
        Objects.requireNonNull(
            OpenApiTest.class.getResourceAsStream("/META-INF/swagger/openapi.yml"))) {
      return new Yaml().load(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked") // YAML has no types
  private static Map<String, Object> at(Map<String, Object> node, String... path) {
    Map<String, Object> at = node;
    for (String key : path) {
      assertThat(at).containsKey(key);
      at = (Map<String, Object>) Objects.requireNonNull(at.get(key));
    }
    return at;
  }

  /** The operations with their ids; ids that are not unique fail. */
  private Map<String, Map<String, Object>> operations() {
    var operations = new LinkedHashMap<String, Map<String, Object>>();
    Map<String, Object> paths = at(document, "paths");
    for (String path : paths.keySet()) {
      for (String method : at(paths, path).keySet()) {
        Map<String, Object> operation = at(paths, path, method);
        String id = String.valueOf(operation.get("operationId"));
        assertThat(operations).as(path).doesNotContainKey(id);
        operations.put(id, operation);
      }
    }
    return operations;
  }

  @Test
  void everyRouteSaysWhatItAnswers() {
    operations()
        .forEach(
            (id, operation) -> {
              var successes = new ArrayList<String>();
              at(operation, "responses").keySet().stream()
                  .filter(status -> status.startsWith("2"))
                  .forEach(successes::add);
              assertThat(successes).as(id).isNotEmpty();
              for (String status : successes) {
                Map<String, Object> response = at(operation, "responses", status);
                if (SILENT.contains(id)) {
                  assertThat(response).as(id).doesNotContainKey("content");
                } else {
                  assertThat(at(response, "content").keySet())
                      .as(id + " " + status)
                      .isNotEmpty()
                      .doesNotContain("application/problem+json");
                }
              }
            });
  }

  /** The build adds a 200 to what is documented by hand, unless the method has its own status. */
  @Test
  void onlyThoseThatMayFindItDoneAnswer200Besides201() {
    operations()
        .forEach(
            (id, operation) -> {
              Set<String> statuses = at(operation, "responses").keySet();
              assertThat(statuses.contains("200") && statuses.contains("201"))
                  .as(id)
                  .isEqualTo(FOUND_OR_MADE.contains(id));
              assertThat(statuses.containsAll(List.of("200", "204"))).as(id).isFalse();
            });
  }

  @Test
  void everyRouteSaysHowItFails() {
    operations()
        .forEach(
            (id, operation) -> {
              for (String status : List.of("4XX", "5XX")) {
                assertThat(
                        at(
                            operation,
                            "responses",
                            status,
                            "content",
                            "application/problem+json",
                            "schema"))
                    .as(id)
                    .containsEntry("$ref", "#/components/schemas/ProblemBody");
              }
            });
    assertThat(String.valueOf(at(document, "components", "schemas", "ProblemBody").get("required")))
        .as("sent only when there are some")
        .contains("instance")
        .doesNotContain("errors");
  }

  /** Header fields of an answer, as the document names them. */
  private Set<String> headers(String operation, String status) {
    Map<String, Object> response =
        at(Objects.requireNonNull(operations().get(operation)), "responses", status);
    return response.containsKey("headers") ? at(response, "headers").keySet() : Set.of();
  }

  @Test
  void answersSayTheirHeaderFields() {
    for (String operation :
        List.of(
            "getSite",
            "updateSite",
            "restoreSite",
            "activateDeployment",
            "rollBack",
            "getMember",
            "getHost",
            "verifyHost",
            "putHost",
            "getAlias",
            "putAlias")) {
      assertThat(headers(operation, "200")).as(operation).containsExactly("ETag");
    }
    for (String operation : List.of("getSettings", "putSettings", "restoreSettings")) {
      assertThat(headers(operation, "200"))
          .as(operation)
          .containsExactlyInAnyOrder("ETag", "Portico-Settings-File");
    }
    assertThat(headers("createSite", "201")).containsExactlyInAnyOrder("ETag", "Location");
    for (String operation : List.of("putMember", "putHost", "putAlias")) {
      assertThat(headers(operation, "201")).as(operation).containsExactly("ETag");
    }
    assertThat(headers("putMember", "204")).containsExactly("ETag");
    assertThat(headers("createToken", "201")).containsExactly("Idempotent-Replayed");
    assertThat(headers("publishArchive", "201")).containsExactly("Location");
    assertThat(headers("publishArchive", "200")).containsExactly("Location");
    assertThat(headers("createInvalidation", "201")).containsExactly("Location");
    assertThat(headers("createInvalidation", "200")).containsExactly("Location");
    assertThat(headers("sealDeployment", "200")).containsExactly("Location");
    assertThat(headers("downloadFile", "200")).contains("ETag");
    assertThat(headers("downloadFile", "206")).contains("ETag", "Content-Range");
    operations()
        .keySet()
        .forEach(it -> assertThat(headers(it, "5XX")).as(it).containsExactly("Retry-After"));
  }

  @Test
  void editsTakeAnIfMatch() {
    for (String operation :
        List.of(
            "updateSite",
            "deleteSite",
            "putSettings",
            "putMember",
            "deleteMember",
            "deletePolicy",
            "putHost",
            "deleteHost",
            "putAlias",
            "deleteAlias",
            "activateDeployment",
            "rollBack",
            "freezePublishing",
            "blockAddress",
            "unblockPath",
            "startMaintenance")) {
      assertThat(parameters(operation)).as(operation).contains("If-Match");
    }
    assertThat(parameters("createToken")).contains("Idempotency-Key");
  }

  private List<String> parameters(String operation) {
    return ((List<?>)
            Objects.requireNonNull(
                Objects.requireNonNull(operations().get(operation)).get("parameters")))
        .stream().map(each -> String.valueOf(((Map<?, ?>) each).get("name"))).toList();
  }

  /** Field values have commas, which generated clients join lists with. */
  @Test
  void headerFieldsAreAskedOneByOne() {
    Object all = Objects.requireNonNull(operations().get("explain")).get("parameters");
    assertThat((List<?>) Objects.requireNonNull(all))
        .extracting(each -> (Map<?, ?>) each)
        .filteredOn(each -> "header".equals(each.get("name")))
        .singleElement()
        .satisfies(each -> assertThat(each.get("explode")).isNotEqualTo(false));
  }

  @Test
  void everyRouteNeedsAToken() {
    assertThat(document).containsEntry("security", List.of(Map.of("bearer", List.of())));
    assertThat(at(document, "components", "securitySchemes", "bearer"))
        .containsEntry("scheme", "bearer");
    assertThat(operations().values()).noneMatch(operation -> operation.containsKey("security"));
  }

  @Test
  void wordsAreThoseThatAreSent() {
    assertThat(at(document, "components", "schemas", "Role"))
        .containsEntry("enum", List.of("owner", "publisher", "viewer"));
    assertThat(at(document, "components", "schemas", "Action"))
        .containsEntry("enum", List.of("read", "publish", "activate", "invalidate"));
  }
}
