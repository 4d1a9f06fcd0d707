package dev.portico.content.site;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why responses are as they are. The gateway answers these routes itself, since it alone knows
 * (docs/explain.md): they are here for the description of the API, and refused to whoever comes
 * past the gateway.
 */
@Controller("/v1/sites/{site}/explain")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "explain")
class ExplainController {
  private final SiteAccess access;

  ExplainController(SiteAccess access) {
    this.access = access;
  }

  /**
   * What is compared before a deployment is activated.
   *
   * @param deployment its id, or an alias
   * @param urls URLs of the site, or paths; 200 at most
   * @param headers header fields of each request, like Accept-Language: de
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "DryRunRequest")
  record DryRun(String deployment, List<String> urls, @Nullable List<String> headers) {}

  /**
   * Says why a request is, or would be, answered as it is: behaviour, rules, cache, what would be
   * fetched, and each header field with what has set it. Nothing is fetched for it.
   *
   * @param url a URL at a host of the site, or a path
   * @param header header fields of the request, like Accept-Language: de
   * @param method GET if there is none
   * @param deployment a sealed deployment, or an alias, that is supposed to be the live one
   */
  @Get
  @Operation(operationId = "explain")
  Map<String, Object> explain(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue String url,
      // Each in a parameter of its own: values have commas.
      @Parameter(explode = Explode.TRUE) @Nullable @QueryValue List<String> header,
      @Nullable @QueryValue String method,
      @Nullable @QueryValue String deployment) {
    throw pastTheGateway(caller, site);
  }

  /** Compares what URLs answer now with what they would if a deployment were the live one. */
  @Post
  @Operation(operationId = "dryRun")
  Map<String, Object> dryRun(
      @Parameter(hidden = true) Caller caller, String site, @Body DryRun request) {
    throw pastTheGateway(caller, site);
  }

  private Problem pastTheGateway(Caller caller, String site) {
    access.require(caller, site, Action.READ);
    return Problem.of(
        501,
        "gateway-only",
        "Answered by the gateway",
        "Only a gateway knows why it answers as it does. Ask at the API's host.");
  }
}
