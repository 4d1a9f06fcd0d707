package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.Escapes;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a behaviour says of one error, in a snapshot, while its fields arrive. */
final class ErrorResponseJson implements ContractJson.Field {
  private int status;
  private @Nullable String path;
  private int responseStatus;
  private Duration cachingMinTtl = Duration.ZERO;

  static ErrorResponse of(JsonParser json) throws IOException {
    ErrorResponseJson draft = new ErrorResponseJson();
    ContractJson.object(json, draft);
    return draft.finish();
  }

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "status" -> status = json.getIntValue();
      case "path" -> path = ContractJson.text(json);
      case "responseStatus" -> responseStatus = json.getIntValue();
      case "cachingMinTtlSeconds" -> cachingMinTtl = SettingsJson.seconds(json);
      default -> json.skipChildren();
    }
  }

  private ErrorResponse finish() {
    int sent = responseStatus == 0 ? status : responseStatus;
    return new ErrorResponse(
        status, path == null ? null : Escapes.decode(path), sent, cachingMinTtl);
  }
}
