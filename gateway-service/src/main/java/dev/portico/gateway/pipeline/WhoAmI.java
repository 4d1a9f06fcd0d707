package dev.portico.gateway.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identities;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a page of a site who is signed in, so that it needs no tokens of its own. */
@Singleton
final class WhoAmI {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String CHALLENGE = "WWW-Authenticate";

  private final Identities identities;

  WhoAmI(Identities identities) {
    this.identities = identities;
  }

  void answer(ViewerExchange exchange, String site) {
    find(exchange, site, found -> answer(exchange, found));
  }

  /** Finds out whose request it is, by asking auth-service where nobody here knows. */
  void find(ViewerExchange exchange, String site, Consumer<Identification> then) {
    Identification known = identities.known(exchange.request(), site);
    if (known != null) {
      then.accept(known);
      return;
    }
    exchange.timeline().asks();
    StoreWait wait = new StoreWait(exchange);
    exchange.listen(wait);
    identities
        .ask(exchange.request(), site)
        .thenAccept(found -> exchange.loop().execute(() -> wait.over(() -> then.accept(found))));
  }

  private static void answer(ViewerExchange exchange, Identification who) {
    switch (who) {
      case Identification.Known known -> AccountReplies.json(exchange, written(known.identity()));
      case Identification.Nobody ignored ->
          refuse(exchange, EdgeError.SIGN_IN_REQUIRED, AccessReplies.BEARER);
      case Identification.InvalidToken token ->
          refuse(
              exchange,
              EdgeError.INVALID_TOKEN,
              AccessReplies.BEARER
                  + ", error=\"invalid_token\", error_description=\""
                  + token.description()
                  + '"');
      case Identification.Unavailable ignored ->
          ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, true);
    }
  }

  private static void refuse(ViewerExchange exchange, EdgeError error, String challenge) {
    ErrorReplies.reply(exchange, error, true, new String[] {CHALLENGE, challenge});
  }

  private static byte[] written(Identity identity) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeBooleanField("signedIn", true);
      json.writeStringField("subject", identity.subject());
      json.writeStringField("username", identity.username());
      optional(json, "email", identity.email());
      optional(json, "name", identity.name());
      json.writeArrayFieldStart("groups");
      for (String group : new TreeSet<>(identity.groups())) {
        json.writeString(group);
      }
      json.writeEndArray();
      json.writeNumberField("expiresAt", identity.expiresAt().getEpochSecond());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
