package dev.portico.content.site;

import dev.portico.content.conditional.IfMatch;
import dev.portico.content.conditional.Tagged;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Host names of a site. */
@Controller("/v1/sites/{site}/hosts")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "hosts")
class HostController {
  private final SiteAccess access;
  private final Hosts hosts;

  HostController(SiteAccess access, Hosts hosts) {
    this.access = access;
    this.hosts = hosts;
  }

  /** Lists the host names outside the site domain. */
  @Get
  @Operation(operationId = "listHosts")
  Host.HostPage list(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.requireEvenDeleted(caller, site, Action.READ);
    return hosts.list(site, Paging.limit(limit), cursor);
  }

  /**
   * Asks for a host name; it is served once its TXT record is seen. With If-Match only if it is
   * what this ETag says.
   */
  @Put("/{host}")
  @HostAsked
  @Operation(operationId = "putHost")
  HttpResponse<Host> add(
      @Parameter(hidden = true) Caller caller,
      String site,
      String host,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    access.require(caller, site, Action.MANAGE);
    Hosts.Added added = hosts.add(caller, site, host, IfMatch.of(ifMatch));
    return tagged(added.created() ? HttpStatus.CREATED : HttpStatus.OK, added.host());
  }

  /** Shows a host name. */
  @Get("/{host}")
  @Tagged
  @Operation(operationId = "getHost")
  HttpResponse<Host> get(@Parameter(hidden = true) Caller caller, String site, String host) {
    access.require(caller, site, Action.READ);
    return tagged(HttpStatus.OK, hosts.get(site, host));
  }

  /** Looks for the TXT record now. */
  @Post("/{host}/verify")
  @Tagged
  @Operation(operationId = "verifyHost")
  HttpResponse<Host> verify(@Parameter(hidden = true) Caller caller, String site, String host) {
    access.require(caller, site, Action.MANAGE);
    return tagged(HttpStatus.OK, hosts.verify(caller, site, host));
  }

  /** Takes a host name from the site. With If-Match only if it is what this ETag says. */
  @Delete("/{host}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteHost")
  void remove(
      @Parameter(hidden = true) Caller caller,
      String site,
      String host,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    access.require(caller, site, Action.MANAGE);
    hosts.remove(caller, site, host, IfMatch.of(ifMatch));
  }

  private static HttpResponse<Host> tagged(HttpStatus status, Host host) {
    return HttpResponse.<Host>status(status).body(host).header(HttpHeaders.ETAG, host.tag());
  }
}
