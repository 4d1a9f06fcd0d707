package dev.portico.content.site;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.Versioned;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Locks a site against activation. */
@Controller("/v1/sites/{site}/lock")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "sites")
class LockController {
  private final SiteAccess access;
  private final SiteLocks locks;

  LockController(SiteAccess access, SiteLocks locks) {
    this.access = access;
    this.locks = locks;
  }

  /**
   * Why a site is locked.
   *
   * @param reason for whoever is refused; null: none is given
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "LockRequest")
  record Request(
      @Nullable @Size(max = 200) @Pattern(regexp = "^[^\\x00-\\x1f\\x7f]*$") String reason) {}

  /**
   * Locks the site: it keeps the deployment it shows. Activation and rollback are refused, uploads,
   * aliases and settings are not.
   */
  @Put
  @Versioned
  @Operation(operationId = "lockSite")
  HttpResponse<Site> lock(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header("If-Match") String ifMatch,
      @Valid @Body Request request) {
    access.require(caller, site, Action.MANAGE);
    String reason = request.reason() == null ? "" : request.reason();
    return SiteController.tagged(locks.lock(caller, site, EntityTag.version(ifMatch), reason));
  }

  /** Unlocks the site. */
  @Delete
  @Versioned
  @Operation(operationId = "unlockSite")
  HttpResponse<Site> unlock(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header("If-Match") String ifMatch) {
    access.require(caller, site, Action.MANAGE);
    return SiteController.tagged(locks.unlock(caller, site, EntityTag.version(ifMatch)));
  }
}
