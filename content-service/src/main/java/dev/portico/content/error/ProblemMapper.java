package dev.portico.content.error;

import io.micronaut.context.annotation.Primary;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.exceptions.BufferLengthExceededException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.web.router.exceptions.UnsatisfiedBodyRouteException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns failures into application/problem+json: {@link Problem}s thrown by
 * features, and whatever the framework refuses by itself (routing, methods, media types, JSON,
 * validation, sizes, unexpected exceptions).
 */
@Singleton
@Primary
public final class ProblemMapper
    implements ErrorResponseProcessor<ProblemBody>,
        ExceptionHandler<Problem, HttpResponse<ProblemBody>> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

  /** The property that a JSON parser's message ends with, such as {@code ["name"]}. */
  private static final Pattern JSON_PATH = Pattern.compile("\\[\"([A-Za-z0-9_]{1,40})\"\\]");

  @Override
  @SuppressWarnings("rawtypes") // the interface that is implemented says so
  public HttpResponse<ProblemBody> handle(HttpRequest request, Problem problem) {
    return response((HttpRequest<?>) request, problem);
  }

  @Override
  public MutableHttpResponse<ProblemBody> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    Problem problem =
        context
            .getRootCause()
            .flatMap(ProblemMapper::fromCause)
            .orElseGet(() -> fromStatus(context, response));
    if (problem.status() >= 500) {
      context
          .getRootCause()
          .ifPresent(
              cause ->
                  LOG.error(
                      "{} {} failed, request id {}",
                      context.getRequest().getMethodName(),
                      context.getRequest().getPath(),
                      RequestId.of(context.getRequest()),
                      cause));
    }
    MutableHttpResponse<ProblemBody> rendered = response(context.getRequest(), problem);
    // What the framework has set for this status stays: Allow on 405, for instance.
    response
        .getHeaders()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Content-Type")
                  && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> rendered.header(name, value));
              }
            });
    return rendered;
  }

  /** The response that shows this problem. */
  public static MutableHttpResponse<ProblemBody> response(HttpRequest<?> request, Problem problem) {
    MutableHttpResponse<ProblemBody> response =
        HttpResponse.<ProblemBody>status(problem.status(), problem.title())
            .body(ProblemBody.of(problem, RequestId.of(request)))
            .contentType(MediaType.of(ProblemBody.MEDIA_TYPE))
            .header("Cache-Control", "no-store");
    problem.headers().forEach(response::header);
    return response;
  }

  private static Optional<Problem> fromCause(Throwable cause) {
    return switch (cause) {
      case Problem problem -> Optional.of(problem);
      case ConstraintViolationException violations -> Optional.of(validation(violations));
      case ContentLengthExceededException tooLarge ->
          Optional.of(Problem.tooLarge("The request's body is larger than allowed."));
      case BufferLengthExceededException tooLarge ->
          Optional.of(Problem.tooLarge("The request's body is larger than allowed."));
      case ConversionErrorException conversion ->
          Optional.of(
              Problem.invalid(
                  conversion.getArgument().getName(), "has a form that is not understood"));
      case UnsatisfiedBodyRouteException missing ->
          Optional.of(Problem.invalid("body", "is missing"));
      case UnsatisfiedRouteException missing ->
          Optional.of(Problem.invalid(missing.getArgument().getName(), "is missing"));
      default -> ofStorage(cause) ? Optional.of(unavailable()) : fromJson(cause);
    };
  }

  private static boolean ofStorage(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof UnavailableException || ofSdk(at)) {
        return true;
      }
    }
    return false;
  }

  /** Told by its name: only the adapters know the SDK. */
  private static boolean ofSdk(Throwable cause) {
    for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals("software.amazon.awssdk.core.exception.SdkException")) {
        return true;
      }
    }
    return false;
  }

  private static Problem unavailable() {
    return Problem.of(
            503,
            "storage-unavailable",
            "Try again",
            "What this request needs cannot be reached now. Repeat it.")
        .retryAfter(Duration.ofSeconds(2));
  }

  /**
   * JSON failures differ by parser in class, but all are named and caused alike. Those below an
   * {@link IllegalStateException} or {@link UncheckedIOException} are not of the request: something
   * stored is damaged.
   */
  private static Optional<Problem> fromJson(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof IllegalStateException || at instanceof UncheckedIOException) {
        return Optional.empty();
      }
      String name = at.getClass().getName();
      if (name.startsWith("io.micronaut.json.")
          || name.startsWith("io.micronaut.serde.exceptions.")
          || name.startsWith("com.fasterxml.jackson.")) {
        return Optional.of(malformed(at));
      }
    }
    return Optional.empty();
  }

  private static Problem malformed(Throwable fault) {
    Problem problem =
        Problem.of(
            400,
            "malformed-json",
            "The request's JSON is not valid",
            "The body is not the JSON that is expected here.");
    Matcher path = JSON_PATH.matcher(String.valueOf(fault.getMessage()));
    return path.find() ? problem.field(path.group(1), "is missing or of another type") : problem;
  }

  private static Problem validation(ConstraintViolationException violations) {
    List<FieldError> errors =
        violations.getConstraintViolations().stream()
            .map(
                violation ->
                    new FieldError(
                        field(String.valueOf(violation.getPropertyPath())), violation.getMessage()))
            .sorted(java.util.Comparator.comparing(FieldError::field))
            .toList();
    return Problem.invalid(errors);
  }

  /** Cuts method and parameter off "create.body.name", which callers do not know. */
  private static String field(String path) {
    String[] parts = path.split("\\.", 3);
    return parts[parts.length - 1];
  }

  private static Problem fromStatus(ErrorContext context, HttpResponse<?> response) {
    int status = response.code();
    HttpRequest<?> request = context.getRequest();
    return switch (status) {
      case 400 -> Problem.of(400, "bad-request", "The request is not valid", "See the API.");
      case 401 -> Problem.unauthorized("Send an access token as Authorization: Bearer.");
      case 403 -> Problem.forbidden("You may not do this.");
      case 404 -> Problem.of(404, "not-found", "Not found", "There is nothing at this path.");
      case 405 ->
          Problem.of(
              405,
              "method-not-allowed",
              "Method not allowed",
              request.getMethodName() + " is not possible here; see the Allow header.");
      case 406 ->
          Problem.of(406, "not-acceptable", "Not acceptable", "No form that Accept allows.");
      case 413 -> Problem.tooLarge("The request's body is larger than allowed.");
      case 415 ->
          Problem.of(
              415,
              "unsupported-media-type",
              "Unsupported media type",
              "This Content-Type is not understood here.");
      default ->
          status >= 400 && status < 500
              ? Problem.of(status, "refused", "Refused", "The request was refused.")
              : Problem.of(
                  status >= 500 ? status : 500,
                  "internal",
                  "Internal error",
                  "Something went wrong here. The logs tell more under this request id.");
    };
  }
}
