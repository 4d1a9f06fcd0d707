package dev.portico.auth.pages;

import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import java.time.Duration;

/** The cookies of the pages: of this host alone, not for scripts. */
final class PageCookie {
  private PageCookie() {}

  /** One that lasts as long as the browser runs. */
  static Cookie of(String name, String value) {
    return Cookie.of(name, value).path("/").secure(true).httpOnly(true).sameSite(SameSite.Lax);
  }

  /** One that lasts this long; zero takes it away. */
  static Cookie of(String name, String value, Duration age) {
    return of(name, value).maxAge(age);
  }
}
