package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What pages have of Portico's own API.
 *
 * @param mounted whether it is below {@code /.portico/api} of the site's hosts, with the session of
 *     who is signed in there; an admin switches it on, since pages of the site can then do
 *     everything that their viewers may
 * @param corsOrigins origins whose pages may call it at its own host, with access tokens
 */
@Serdeable
@Schema(name = "ApiAccess")
public record ApiAccess(
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED, defaultValue = "false")
        boolean mounted,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<String> corsOrigins) {
  static final ApiAccess NONE = new ApiAccess(false, List.of());

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  /** As browsers write it (RFC 6454, section 6.2): in lower case, without the default port. */
  private static final Pattern ORIGIN =
      Pattern.compile("https?://" + LABEL + "(\\." + LABEL + ")*(:[1-9][0-9]{0,4})?");

  private static final int ORIGIN_LENGTH = 280;

  /** Keeps an unmodifiable copy. */
  public ApiAccess {
    corsOrigins = List.copyOf(corsOrigins);
  }

  static ApiAccess read(Fields fields) {
    boolean mounted = fields.flag("mounted", false);
    List<String> origins = fields.texts("corsOrigins", List.of(), Limits.API_ORIGINS);
    for (int i = 0; i < origins.size(); i++) {
      String origin = origins.get(i);
      String path = "corsOrigins[" + i + ']';
      boolean usualPort =
          (origin.startsWith("https:") && origin.endsWith(":443"))
              || (origin.startsWith("http:") && origin.endsWith(":80"));
      if (origin.length() > ORIGIN_LENGTH || usualPort || !ORIGIN.matcher(origin).matches()) {
        fields.fault(
            path,
            "must be an origin as browsers send it, such as https://app.example.com: in lower case,"
                + " without path, wildcard and the scheme's own port");
      } else if (origins.indexOf(origin) < i) {
        fields.fault(path, "is there twice");
      }
    }
    return new ApiAccess(mounted, origins);
  }
}
