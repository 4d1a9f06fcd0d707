package dev.portico.gateway.exchange;

import org.jspecify.annotations.Nullable;

/** What a site wants of the heads of its responses, whoever makes them. */
public interface HeadRules {
  /** Changes a head that has what its origin, or the gateway, says. */
  void apply(ResponseHead.Builder head, ViewerRequest request);

  /**
   * What {@link #apply} looks at in a request besides its scheme and host: requests with equal
   * variants get equal heads. Null when it is nothing.
   */
  @Nullable String variant(ViewerRequest request);

  /** Whether a head they were applied to is small enough to be kept with each cached response. */
  boolean keepable();

  /**
   * What sets, or removes, a field of this name where {@link #apply} does so.
   *
   * @param lower the name in lower case
   */
  String setBy(String lower);

  /** The head as it is sent: with what differs from response to response. */
  ResponseHead sent(ResponseHead head, ViewerRequest request, Timeline timeline);
}
