package dev.portico.auth.pages;

import dev.portico.auth.mfa.TotpSecret;
import dev.portico.auth.session.ChallengeKind;
import dev.portico.auth.session.SignInOutcome;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known between two pages. Its secrets are sealed wherever the browser keeps it.
 *
 * @param name the account's name as it was typed; empty if none was
 * @param challenge the challenge that is to be answered; null if there is none
 * @param username the name that the pool gave with the challenge
 * @param session of the challenge
 * @param options attributes that are asked for, or second factors to choose from
 * @param destination where a code was sent, mostly hidden; null if none was
 * @param secret of an app that is being set up; null if none is
 * @param account what the app calls the account; null if none is set up
 * @param notice the name of a text to be shown once; null if there is none
 */
@Serdeable
record Step(
    String name,
    @Nullable ChallengeKind challenge,
    String username,
    String session,
    List<String> options,
    @Nullable String destination,
    @Nullable String secret,
    @Nullable String account,
    @Nullable String notice) {

  /** Nothing but a name that was typed. */
  static Step named(String name) {
    return new Step(name, null, "", "", List.of(), null, null, null, null);
  }

  /** Nothing but a text to be shown. */
  static Step noticed(String notice) {
    return named("").noting(notice);
  }

  static Step of(String name, SignInOutcome.NewPasswordRequired asked) {
    return new Step(
        name,
        ChallengeKind.NEW_PASSWORD_REQUIRED,
        asked.username(),
        asked.session(),
        asked.requiredAttributes(),
        null,
        null,
        null,
        null);
  }

  static Step of(String name, SignInOutcome.FactorRequired asked) {
    return new Step(
        name,
        asked.kind(),
        asked.username(),
        asked.session(),
        asked.factors(),
        asked.destination(),
        null,
        null,
        null);
  }

  /** The same with an app that is to be set up. */
  Step settingUp(TotpSecret app) {
    String goesOn = app.session();
    return new Step(
        name,
        challenge,
        username,
        goesOn == null ? session : goesOn,
        options,
        destination,
        app.secret(),
        app.account(),
        notice);
  }

  Step noting(@Nullable String shown) {
    return new Step(
        name, challenge, username, session, options, destination, secret, account, shown);
  }

  /** The app that is being set up, if one is. */
  @Nullable TotpSecret app() {
    return secret == null || account == null ? null : new TotpSecret(secret, account, session);
  }

  /** Without what it holds, since what is printed may be logged. */
  @Override
  public String toString() {
    return "Step[" + challenge + ']';
  }
}
