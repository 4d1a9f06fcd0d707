package dev.portico.gateway.response;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.response.FileDecision.Part;
import dev.portico.gateway.routing.SiteFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what does a GET or HEAD of a file get? Preconditions in the order of RFC 9110, section
 * 13.2.2, then ranges, then the whole file. Pure: {@code now} is a parameter, no byte is read.
 */
public final class FileResponses {
  private static final String REVALIDATE = "public, max-age=0, must-revalidate";
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";
  private static final String NOTHING = "";

  private final SiteFile file;
  private final FilePolicy policy;
  private final Instant lastModified;
  private final boolean compressible;

  private FileResponses(SiteFile file, FilePolicy policy) {
    this.file = file;
    this.policy = policy;
    this.lastModified = policy.sealedAt().truncatedTo(ChronoUnit.SECONDS);
    this.compressible = CompressibleTypes.contains(file.type());
  }

  /**
   * Decides.
   *
   * @param file the file that was selected
   * @param policy how its site wants it answered
   * @param conditions what the request says
   * @param now the time of the response
   * @param boundary separates the parts of a multipart body: random, letters and digits only
   */
  public static FileDecision decide(
      SiteFile file, FilePolicy policy, FileConditions conditions, Instant now, String boundary) {
    return new FileResponses(file, policy).decide(conditions, now, boundary);
  }

  /**
   * The head of the whole file, of GET and HEAD alike.
   *
   * @param coding the coding it is sent in
   * @param now the time of the response
   */
  public static ResponseHead whole(
      SiteFile file, FilePolicy policy, ContentCoding coding, Instant now) {
    return new FileResponses(file, policy).wholeHead(coding, now);
  }

  /**
   * The codings to ask for when a deployment's own page answers for an error: neither conditions
   * nor ranges apply to it (RFC 9110, sections 13.2.1 and 14.2).
   */
  public static List<ContentCoding> errorPageCodings(SiteFile page, FileConditions conditions) {
    return CompressibleTypes.contains(page.type())
        ? CodingPreferences.of(conditions.acceptEncoding()).codings()
        : List.of();
  }

  /**
   * The head of a deployment's own page for an error. Without validators: it is no representation
   * of what was asked for.
   */
  public static ResponseHead errorPage(
      int status, SiteFile page, FilePolicy policy, ContentCoding coding) {
    FileResponses responses = new FileResponses(page, policy);
    ResponseHead.Builder head = ResponseHead.of(status).add("Content-Type", page.type());
    addCoding(head, coding);
    head.add("Cache-Control", REVALIDATE);
    responses.addCommon(head);
    return head.build();
  }

  private FileDecision decide(FileConditions conditions, Instant now, String boundary) {
    CodingPreferences preferences =
        compressible ? CodingPreferences.of(conditions.acceptEncoding()) : CodingPreferences.NONE;
    if (failsPrecondition(conditions, now)) {
      return new FileDecision.Complete(bare(412).build());
    }
    ContentCoding unchanged = unchanged(conditions, preferences, now);
    if (unchanged != null) {
      return new FileDecision.Complete(notModified(unchanged));
    }
    String range = conditions.range();
    if (range != null && !conditions.head() && preferences.identity() && holdsIfRange(conditions)) {
      RangeSelection selection = RangeSelection.of(range, file.size());
      if (selection instanceof RangeSelection.Unsatisfiable) {
        ResponseHead.Builder head = bare(416).add("Content-Range", "bytes */" + file.size());
        return new FileDecision.Complete(head.add("Accept-Ranges", "bytes").build());
      }
      if (selection instanceof RangeSelection.Ranges ranges) {
        return partial(ranges.ranges(), now, boundary);
      }
    }
    return new FileDecision.Whole(preferences.codings());
  }

  /** If-Match compares strongly and outranks If-Unmodified-Since (sections 13.1.1 and 13.1.4). */
  private boolean failsPrecondition(FileConditions conditions, Instant now) {
    String ifMatch = conditions.ifMatch();
    if (ifMatch != null) {
      return !EntityTags.isAny(ifMatch)
          && EntityTags.named(ifMatch, file.digest(), false).isEmpty();
    }
    String date = conditions.ifUnmodifiedSince();
    Instant since = date == null ? null : HttpDates.parse(date, now);
    return since != null && lastModified.isAfter(since);
  }

  /**
   * The representation that the viewer has and may keep, or null when it must be sent one. Of the
   * representations that it takes, the one it already holds is as good as any (section 12.1), so
   * that neither a variant made since nor another deployment makes it fetch the same file again.
   */
  private @Nullable ContentCoding unchanged(
      FileConditions conditions, CodingPreferences preferences, Instant now) {
    String ifNoneMatch = conditions.ifNoneMatch();
    if (ifNoneMatch != null) {
      return EntityTags.isAny(ifNoneMatch)
          ? ContentCoding.IDENTITY
          : held(EntityTags.named(ifNoneMatch, file.digest(), true), preferences);
    }
    String date = conditions.ifModifiedSince();
    Instant since = date == null ? null : HttpDates.parse(date, now);
    // Exactly: after a rollback the file's date is older than what a viewer got in between.
    return lastModified.equals(since) ? ContentCoding.IDENTITY : null;
  }

  private static @Nullable ContentCoding held(
      Set<ContentCoding> named, CodingPreferences preferences) {
    for (ContentCoding coding : preferences.codings()) {
      if (named.contains(coding)) {
        return coding;
      }
    }
    boolean plain = preferences.identity() && named.contains(ContentCoding.IDENTITY);
    return plain ? ContentCoding.IDENTITY : null;
  }

  /**
   * If-Range compares strongly (section 13.1.5), here with the plain file, since ranges are of
   * that. A date never holds: two deployments may be sealed within one second, so it is no strong
   * validator (section 8.8.2.2).
   */
  private boolean holdsIfRange(FileConditions conditions) {
    String ifRange = conditions.ifRange();
    return ifRange == null
        || ifRange.strip().equals(EntityTags.of(file.digest(), ContentCoding.IDENTITY));
  }

  private FileDecision partial(List<ByteRange> ranges, Instant now, String boundary) {
    ResponseHead.Builder head = ResponseHead.of(206);
    if (ranges.size() == 1) {
      ByteRange range = ranges.getFirst();
      head.add("Content-Type", file.type()).add("Content-Range", range.contentRange(file.size()));
      addValidators(head, ContentCoding.IDENTITY, now);
      return new FileDecision.Parts(
          head.build(), range.length(), List.of(new Part(NOTHING, range)), NOTHING);
    }
    head.add("Content-Type", Multipart.type(boundary));
    addValidators(head, ContentCoding.IDENTITY, now);
    return Multipart.parts(head.build(), file.type(), file.size(), ranges, boundary);
  }

  private ResponseHead wholeHead(ContentCoding coding, Instant now) {
    ResponseHead.Builder head = ResponseHead.of(200).add("Content-Type", file.type());
    addCoding(head, coding);
    addValidators(head, coding, now);
    return head.build();
  }

  /** What a 304 must have: whatever a 200 would say about caching (section 15.4.5). */
  private ResponseHead notModified(ContentCoding coding) {
    ResponseHead.Builder head =
        ResponseHead.of(304)
            .add("ETag", EntityTags.of(file.digest(), coding))
            .add("Cache-Control", cacheControl());
    addCommon(head);
    return head.build();
  }

  private void addValidators(ResponseHead.Builder head, ContentCoding coding, Instant now) {
    head.add("ETag", EntityTags.of(file.digest(), coding));
    // A date ahead of the response's own is not allowed (section 8.8.2.1): clocks may differ.
    if (!lastModified.isAfter(now)) {
      head.add("Last-Modified", HttpDates.format(lastModified));
    }
    head.add("Cache-Control", cacheControl()).add("Accept-Ranges", "bytes");
    addCommon(head);
  }

  private static void addCoding(ResponseHead.Builder head, ContentCoding coding) {
    if (coding != ContentCoding.IDENTITY) {
      head.add("Content-Encoding", coding.token());
    }
  }

  private void addCommon(ResponseHead.Builder head) {
    if (compressible) {
      head.add("Vary", "Accept-Encoding");
    }
    if (policy.preview()) {
      head.add("X-Robots-Tag", "noindex");
    }
    if (policy.anyOrigin()) {
      head.add("Access-Control-Allow-Origin", "*");
    }
  }

  private ResponseHead.Builder bare(int status) {
    ResponseHead.Builder head = ResponseHead.of(status).add("Cache-Control", "no-store");
    addCommon(head);
    return head;
  }

  private String cacheControl() {
    return policy.immutableAssets() && ImmutableNames.matches(file.path()) ? IMMUTABLE : REVALIDATE;
  }
}
