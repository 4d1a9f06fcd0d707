package dev.portico.content.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.content.auth.AuthInternal;
import dev.portico.content.member.Caller;
import io.micronaut.json.JsonMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who somebody is to others. A token does not tell: where people sign in by their address, its user
 * name is a random one. Auth-service is asked for the address.
 */
@Singleton
class AccountNames {
  private static final Logger LOG = LoggerFactory.getLogger(AccountNames.class);
  private static final String PATH = "/internal/accounts/name";

  /** What is to be done is urgent, and can do without. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final int OK = 200;

  private static final int MOST_KEPT = 100;

  /** Who blocks a hundred addresses does so at once, and Cognito bounds how often it is asked. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final AuthInternal auth;
  private final JsonMapper json;
  private final Cache<String, String> kept =
      Caffeine.newBuilder().maximumSize(MOST_KEPT).expireAfterWrite(KEPT).build();

  AccountNames(AuthInternal auth, JsonMapper json) {
    this.auth = auth;
    this.json = json;
  }

  /**
   * What is asked (deploy/contracts/auth-account-name-query.json).
   *
   * @param account its sub
   */
  @Serdeable
  record Question(String account) {}

  /**
   * What is answered (deploy/contracts/auth-account-name.json).
   *
   * @param name the address, or the user name of an account without one
   */
  @Serdeable
  record Answer(@Nullable String name) {}

  /** The address; the user name of the token where it cannot be had. */
  String of(Caller.Person person) {
    String known = kept.getIfPresent(person.id());
    if (known != null || !auth.configured()) {
      return known == null ? person.username() : known;
    }
    try {
      HttpResponse<byte[]> answer = auth.post(PATH, new Question(person.id()), LONGEST);
      if (answer.statusCode() == OK) {
        String name = json.readValue(answer.body(), Answer.class).name();
        if (name != null && !name.isBlank()) {
          kept.put(person.id(), name);
          return name;
        }
      }
      LOG.info("auth-service does not say who {} is: {}", person.id(), answer.statusCode());
    } catch (IOException e) {
      LOG.info("auth-service does not say who {} is: {}", person.id(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return person.username();
  }
}
