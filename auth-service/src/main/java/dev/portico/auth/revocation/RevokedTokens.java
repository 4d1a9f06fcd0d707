package dev.portico.auth.revocation;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which access tokens the entries so far have made void. In memory; for several threads. */
final class RevokedTokens {
  private record Account(long issuedBefore, long until) {}

  private final Map<String, Long> origins = new HashMap<>();
  private final Map<String, Account> accounts = new HashMap<>();

  /** Takes an entry in. */
  synchronized void add(Revocation entry) {
    String origin = entry.originJti();
    String subject = entry.subject();
    Long before = entry.issuedBefore();
    if (origin != null) {
      origins.merge(origin, entry.until(), Math::max);
    }
    if (subject != null && before != null) {
      accounts.merge(
          subject,
          new Account(before, entry.until()),
          (one, other) ->
              new Account(
                  Math.max(one.issuedBefore(), other.issuedBefore()),
                  Math.max(one.until(), other.until())));
    }
  }

  /** Whether a token is void. */
  synchronized boolean has(@Nullable String originJti, String subject, Instant issuedAt) {
    Account account = accounts.get(subject);
    return (originJti != null && origins.containsKey(originJti))
        || (account != null && issuedAt.getEpochSecond() < account.issuedBefore());
  }

  /** Drops what holds of nothing any more. */
  synchronized void forget(Instant now) {
    long seconds = now.getEpochSecond();
    origins.values().removeIf(until -> until < seconds);
    accounts.values().removeIf(account -> account.until() < seconds);
  }

  synchronized void clear() {
    origins.clear();
    accounts.clear();
  }
}
