package dev.portico.content.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what a behaviour's viewers get in place of errors. */
final class ErrorResponseReader {
  private static final String STATUSES = listed(CustomErrorResponse.STATUSES.stream());

  private static final String RESPONSE_STATUSES =
      listed(
          Stream.concat(Stream.of(CustomErrorResponse.OK), CustomErrorResponse.STATUSES.stream()));

  /** Of a deployment's files that say how it is served; viewers are not given them. */
  private static final Pattern CONTROL_FILES =
      Pattern.compile("/(?:(?:_|%5[Ff])(?:headers|redirects)|portico(?:\\.|%2[Ee])yml)");

  private ErrorResponseReader() {}

  /** All of a behaviour. */
  static List<CustomErrorResponse> readAll(Fields behaviour) {
    Set<Integer> seen = new HashSet<>();
    return behaviour.objects(
        "errorResponses",
        CustomErrorResponse.STATUSES.size(),
        fields -> {
          CustomErrorResponse read = read(fields);
          if (read.status() != 0 && !seen.add(read.status())) {
            fields.fault("status", "is there twice");
          }
          return read;
        });
  }

  /** One; its status is 0 where that is at fault. */
  private static CustomErrorResponse read(Fields fields) {
    int status = fields.whole("status", 0, Limits.ANY_STATUS);
    if (!CustomErrorResponse.STATUSES.contains(status)) {
      fields.fault("status", "must be one of " + STATUSES);
      status = 0;
    }
    String path = fields.text("path");
    if (path != null) {
      checkPath(fields, path);
    }
    int responseStatus = fields.whole("responseStatus", status, Limits.ANY_STATUS);
    if (responseStatus != status) {
      checkResponseStatus(fields, responseStatus, path != null);
    }
    long least =
        fields.wholeLong(
            "cachingMinTtlSeconds", CustomErrorResponse.CACHING_MIN_TTL, Limits.TTL_SECONDS);
    return new CustomErrorResponse(status, path, responseStatus, least);
  }

  private static void checkPath(Fields fields, String path) {
    OriginReader.checkPath(fields, "path", path, false);
    if (isControlFile(path)) {
      fields.fault("path", "must not be that of a file that viewers are not given");
    }
  }

  static boolean isControlFile(String path) {
    return CONTROL_FILES.matcher(path).matches();
  }

  private static void checkResponseStatus(Fields fields, int status, boolean page) {
    if (status != CustomErrorResponse.OK && !CustomErrorResponse.STATUSES.contains(status)) {
      fields.fault("responseStatus", "must be one of " + RESPONSE_STATUSES);
    } else if (!page) {
      fields.fault("responseStatus", "needs a path: what is sent with another status is a page");
    }
  }

  private static String listed(Stream<Integer> statuses) {
    return statuses.map(String::valueOf).collect(Collectors.joining(", "));
  }
}
