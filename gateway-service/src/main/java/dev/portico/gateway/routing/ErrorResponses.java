package dev.portico.gateway.routing;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that a behaviour says of errors. Immutable. */
public final class ErrorResponses {
  /** Errors stay as they are. */
  public static final ErrorResponses NONE = of(List.of());

  private final List<ErrorResponse> ordered;
  private final Map<Integer, ErrorResponse> byStatus;
  private final boolean pages;

  private ErrorResponses(List<ErrorResponse> ordered, Map<Integer, ErrorResponse> byStatus) {
    this.ordered = ordered;
    this.byStatus = byStatus;
    this.pages = byStatus.values().stream().anyMatch(each -> each.path() != null);
  }

  /** These; of two for one status the later one counts. */
  public static ErrorResponses of(Collection<ErrorResponse> all) {
    Map<Integer, ErrorResponse> byStatus = new HashMap<>();
    all.forEach(each -> byStatus.put(each.status(), each));
    return new ErrorResponses(List.copyOf(all), Map.copyOf(byStatus));
  }

  /** Whether any error has a page. */
  public boolean hasPages() {
    return pages;
  }

  /** What is said of errors with this status; null for nothing. */
  public @Nullable ErrorResponse of(int status) {
    return byStatus.get(status);
  }

  /** The place of one of them, from 0. */
  public int index(ErrorResponse response) {
    return ordered.indexOf(response);
  }

  /** Statuses to the least times that such errors are cached. */
  public Map<Integer, Duration> leastTtl() {
    Map<Integer, Duration> times = new HashMap<>();
    byStatus.forEach((status, each) -> times.put(status, each.cachingMinTtl()));
    return times;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ErrorResponses responses && byStatus.equals(responses.byStatus);
  }

  @Override
  public int hashCode() {
    return byStatus.hashCode();
  }

  @Override
  public String toString() {
    return byStatus.values().toString();
  }
}
