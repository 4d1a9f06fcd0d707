package dev.portico.content.control;

import static java.time.temporal.ChronoUnit.SECONDS;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.content.change.Freeze;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.Versioned;
import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.settings.AddressBlock;
import dev.portico.content.settings.PathTexts;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What admins switch on in an emergency, on the whole platform and at single sites. If-Match, which
 * may be left out, keeps one from overwriting what another has just done.
 */
@Controller("/v1/platform")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "platform")
class ControlController {
  private static final String TEXT = "^[^\\x00-\\x1f\\x7f]*$";
  private static final String TEXT_FAULT = "must not have control characters, such as line breaks";

  private final ControlTable controls;
  private final AuditLog audit;
  private final AccountNames names;
  private final Clock clock;

  ControlController(ControlTable controls, AuditLog audit, AccountNames names, Clock clock) {
    this.controls = controls;
    this.audit = audit;
    this.names = names;
    this.clock = clock;
  }

  /**
   * A freeze.
   *
   * @param reason for whoever is refused
   * @param until when it ends by itself, a year ahead at most; null: when it is ended
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "FreezeRequest")
  record FreezeRequest(
      @NotBlank @Size(max = ControlLimits.REASON) @Pattern(regexp = TEXT, message = TEXT_FAULT)
          String reason,
      @Nullable Instant until) {}

  /**
   * Addresses to block.
   *
   * @param block of addresses, or one address
   * @param reason for other admins
   * @param until when it ends by itself, a year ahead at most; null: when it is ended
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "BlockedAddressRequest")
  record AddressRequest(
      @NotNull String block,
      @NotBlank @Size(max = ControlLimits.REASON) @Pattern(regexp = TEXT, message = TEXT_FAULT)
          String reason,
      @Nullable Instant until) {}

  /**
   * Paths to block.
   *
   * @param site its name
   * @param pattern as of a behaviour
   * @param reason for other admins
   * @param until when it ends by itself, a year ahead at most; null: when it is ended
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "BlockedPathRequest")
  record PathRequest(
      @NotNull String site,
      @NotNull String pattern,
      @NotBlank @Size(max = ControlLimits.REASON) @Pattern(regexp = TEXT, message = TEXT_FAULT)
          String reason,
      @Nullable Instant until) {}

  /**
   * A maintenance page.
   *
   * @param reason for other admins; viewers are not told
   * @param until when it ends by itself, a year ahead at most; null: when it is ended
   * @param retryAfterSeconds what viewers are told of when to try again; null: 300
   * @param page percent-encoded path of a file of the live deployment; null: a plain page
   * @param exemptAddresses addresses, or blocks of them, whose viewers get the site as ever
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "MaintenanceRequest")
  record MaintenanceRequest(
      @NotBlank @Size(max = ControlLimits.REASON) @Pattern(regexp = TEXT, message = TEXT_FAULT)
          String reason,
      @Nullable Instant until,
      @Nullable @Min(1) @Max(86_400) Integer retryAfterSeconds,
      @Nullable String page,
      @Nullable @Size(max = ControlLimits.EXEMPT) List<@Nullable String> exemptAddresses) {}

  /** Shows all that is switched on. */
  @Get("/controls")
  @Versioned
  @Operation(operationId = "getControls")
  HttpResponse<Controls> get(@Parameter(hidden = true) Caller caller) {
    admin(caller);
    return tagged(controls.read());
  }

  /**
   * Freezes publishing: publications, activations, aliases, settings, host names and the making and
   * deleting of sites are 423 publishing-frozen. Roll-backs, invalidations, and restoring by admins
   * are possible.
   */
  @Put("/freeze")
  @Versioned
  @Operation(operationId = "freezePublishing")
  HttpResponse<Controls> freeze(
      @Parameter(hidden = true) Caller caller,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body FreezeRequest request) {
    Caller.Person person = admin(caller);
    @Nullable Instant until = until(request.until());
    String name = names.of(person);
    Freeze freeze = new Freeze(clock.instant(), person.id(), name, request.reason(), until);
    return tagged(controls.freeze(freeze, editor(caller, ifMatch)));
  }

  /** Ends a freeze. */
  @Delete("/freeze")
  @Versioned
  @Operation(operationId = "unfreezePublishing")
  HttpResponse<Controls> unfreeze(
      @Parameter(hidden = true) Caller caller,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    admin(caller);
    return tagged(controls.unfreeze(editor(caller, ifMatch)));
  }

  /** Blocks addresses: nothing is answered to them but 403, at the API and all sites. */
  @Post("/blocked-addresses")
  @Versioned
  @Operation(operationId = "blockAddress")
  HttpResponse<Controls> block(
      @Parameter(hidden = true) Caller caller,
      @Parameter(hidden = true) HttpRequest<?> http,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body AddressRequest request) {
    Caller.Person person = admin(caller);
    AddressBlock block = block("block", request.block());
    if (holds(block, http.getHeaders().get("X-Forwarded-For"))) {
      throw Problem.unprocessable(
              "blocks-yourself", "You could not end it: your own address is in this block.")
          .field("block", "holds your own address");
    }
    return tagged(
        controls.block(
            new BlockedAddress(
                block.text(),
                clock.instant(),
                person.id(),
                names.of(person),
                request.reason(),
                until(request.until())),
            editor(caller, ifMatch)));
  }

  /** Ends the blocking of just this block of addresses. */
  @Delete("/blocked-addresses")
  @Versioned
  @Operation(operationId = "unblockAddress")
  HttpResponse<Controls> unblock(
      @Parameter(hidden = true) Caller caller,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @QueryValue String block) {
    admin(caller);
    return tagged(controls.unblock(block("block", block).text(), editor(caller, ifMatch)));
  }

  /** Blocks paths of a site: nothing is answered there but 403, at all of its hosts. */
  @Post("/blocked-paths")
  @Versioned
  @Operation(operationId = "blockPath")
  HttpResponse<Controls> block(
      @Parameter(hidden = true) Caller caller,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body PathRequest request) {
    Caller.Person person = admin(caller);
    return tagged(
        controls.block(
            new BlockedPath(
                request.site(),
                PathTexts.blockable("pattern", request.pattern()),
                clock.instant(),
                person.id(),
                names.of(person),
                request.reason(),
                until(request.until())),
            editor(caller, ifMatch)));
  }

  /** Ends the blocking of just this pattern. */
  @Delete("/blocked-paths")
  @Versioned
  @Operation(operationId = "unblockPath")
  HttpResponse<Controls> unblock(
      @Parameter(hidden = true) Caller caller,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @QueryValue String site,
      @QueryValue String pattern) {
    admin(caller);
    return tagged(
        controls.unblock(site, PathTexts.pattern("pattern", pattern), editor(caller, ifMatch)));
  }

  /** Has a site show a maintenance page, with 503, in place of everything. */
  @Put("/maintenance/{site}")
  @Versioned
  @Operation(operationId = "startMaintenance")
  HttpResponse<Controls> maintain(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body MaintenanceRequest request) {
    Caller.Person person = admin(caller);
    List<String> exempt = exempt(request.exemptAddresses());
    Integer retryAfter = request.retryAfterSeconds();
    return tagged(
        controls.maintain(
            new Maintenance(
                site,
                clock.instant(),
                person.id(),
                names.of(person),
                request.reason(),
                until(request.until()),
                retryAfter == null ? ControlLimits.RETRY_AFTER_SECONDS : retryAfter,
                request.page() == null ? null : PathTexts.page("page", request.page()),
                exempt),
            editor(caller, ifMatch)));
  }

  /** Has a site answer as ever again. */
  @Delete("/maintenance/{site}")
  @Versioned
  @Operation(operationId = "endMaintenance")
  HttpResponse<Controls> endMaintenance(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    admin(caller);
    return tagged(controls.endMaintenance(site, editor(caller, ifMatch)));
  }

  /** Lists what was changed on the whole platform, newest first. */
  @Get("/audit")
  @Operation(operationId = "listPlatformAudit")
  AuditLog.EntryPage audit(
      @Parameter(hidden = true) Caller caller,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    admin(caller);
    return audit.list(AuditLog.PLATFORM, Paging.limit(limit), cursor);
  }

  private static ControlTable.Editor editor(Caller caller, @Nullable String ifMatch) {
    return new ControlTable.Editor(caller, EntityTag.version(ifMatch));
  }

  private static HttpResponse<Controls> tagged(Controls controls) {
    return HttpResponse.ok(controls).header(HttpHeaders.ETAG, EntityTag.of(controls.version()));
  }

  private static Caller.Person admin(Caller caller) {
    if (caller instanceof Caller.Person person && person.admin()) {
      return person;
    }
    throw Problem.forbidden("Only members of the group admins run the platform.");
  }

  /**
   * Blocks in their one form, each once, in order.
   *
   * @throws Problem 400 that names all that are none
   */
  private static List<String> exempt(@Nullable List<@Nullable String> given) {
    var exempt = new TreeSet<String>();
    var faults = new ArrayList<FieldError>();
    for (int i = 0; given != null && i < given.size(); i++) {
      try {
        exempt.add(block("exemptAddresses[" + i + ']', given.get(i)).text());
      } catch (Problem e) {
        faults.addAll(e.errors());
      }
    }
    if (!faults.isEmpty()) {
      throw Problem.invalid(faults);
    }
    return List.copyOf(exempt);
  }

  private static AddressBlock block(String field, @Nullable String text) {
    try {
      return AddressBlock.parse(text == null ? "" : text.strip());
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(
          field,
          "must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32, without bits set"
              + " beyond its prefix");
    }
  }

  /** The gateway says here the address of who asks it, and no other. */
  private static boolean holds(AddressBlock block, @Nullable String address) {
    try {
      return address != null && block.holds(InetAddress.ofLiteral(address.strip()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private @Nullable Instant until(@Nullable Instant given) {
    if (given == null) {
      return null;
    }
    Instant now = clock.instant();
    if (!given.isAfter(now)) {
      throw Problem.invalid("until", "is in the past: it is " + now.truncatedTo(SECONDS) + " now");
    }
    if (given.isAfter(now.plus(ControlLimits.LONGEST))) {
      throw Problem.invalid("until", "is more than a year ahead");
    }
    return Instant.ofEpochMilli(given.toEpochMilli());
  }
}
