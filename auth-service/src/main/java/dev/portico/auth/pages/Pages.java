package dev.portico.auth.pages;

import dev.portico.auth.error.Problem;
import dev.portico.auth.hosted.HostedLogin;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers with pages, and with ways to the next one. */
@Singleton
final class Pages {
  private static final String HTML = "text/html;charset=utf-8";
  private static final String SIGN_IN = "/sign-in";

  /** For a form that was understood and not accepted (RFC 9110 section 15.5.21). */
  private static final int NOT_ACCEPTED = 422;

  private static final int TOO_MANY = 429;

  private final Visits visits;
  private final FormGuard guard;
  private final Steps steps;
  private final Assets assets;
  private final @Nullable HostedLogin hosted;

  Pages(Visits visits, FormGuard guard, Steps steps, Assets assets, @Nullable HostedLogin hosted) {
    this.visits = visits;
    this.guard = guard;
    this.steps = steps;
    this.assets = assets;
    this.hosted = hosted;
  }

  /** Shows a page, with what the step before it has to say. */
  MutableHttpResponse<String> show(HttpRequest<?> request, View view) {
    Step step = steps.of(request).orElse(null);
    String notice = step == null ? null : step.notice();
    if (step == null || notice == null) {
      return show(request, view, 200);
    }
    MutableHttpResponse<String> response = show(request, view.notice(notice), 200);
    steps.keep(request, response, step.noting(null));
    return response;
  }

  /** Shows a form again, with what is wrong with it. */
  MutableHttpResponse<String> refuse(HttpRequest<?> request, View view, List<Fault> faults) {
    return show(request, view.faults(faults), NOT_ACCEPTED);
  }

  /**
   * Does what a form asks for. Where something is wrong with it, or it was tried too often, it is
   * shown again.
   *
   * @throws Problem of any other kind than 429
   */
  MutableHttpResponse<String> submit(
      HttpRequest<?> request,
      View view,
      Faults faults,
      Supplier<MutableHttpResponse<String>> action) {
    if (faults.any()) {
      return refuse(request, view, faults.found());
    }
    try {
      return action.get();
    } catch (Problem problem) {
      if (problem.status() != TOO_MANY) {
        throw problem;
      }
      MutableHttpResponse<String> response =
          show(request, view.faults(List.of(Fault.of("fault.busy"))), TOO_MANY);
      problem.headers().forEach(response::header);
      return response;
    }
  }

  /** Shows the way back to the site that signing in was for. */
  MutableHttpResponse<String> showReturn(HttpRequest<?> request) {
    Visit visit = visits.of(request);
    return visit.returns().isEmpty()
        ? go(request, "/account", null)
        : show(
            request,
            View.of("signed-in")
                .about(visit.brand().title())
                .leave(visit.returns() + '/', "signed-in.site"));
  }

  /**
   * Leads on to another page, with a step for it to be at; forgets the step there was if null. What
   * a form leads to the hosted login is led by a page that goes on by itself.
   */
  MutableHttpResponse<String> go(HttpRequest<?> request, String path, @Nullable Step step) {
    return leave(request, path + visits.carried(request), step);
  }

  /** Leads to sign-in and from there back to this page. */
  MutableHttpResponse<String> goToSignIn(HttpRequest<?> request, @Nullable Step step) {
    return leave(request, SIGN_IN + visits.backHere(request), step);
  }

  /** Leads on to where signing in was for. */
  MutableHttpResponse<String> finish(HttpRequest<?> request) {
    return leave(request, visits.afterSignIn(request), null);
  }

  /** Leads to an address that is known to be right, and forgets the step there was. */
  MutableHttpResponse<String> lead(HttpRequest<?> request, String location) {
    return leave(request, location, null);
  }

  private MutableHttpResponse<String> leave(
      HttpRequest<?> request, String location, @Nullable Step step) {
    boolean byPage = request.getMethod() == HttpMethod.POST && leadsToHostedLogin(location);
    MutableHttpResponse<String> response =
        byPage
            ? show(request, View.of("leading").leaveAtOnce(location, "leading.go"), 200)
            : HttpResponse.<String>status(HttpStatus.SEE_OTHER).header("Location", location);
    if (step == null) {
      steps.forget(response);
    } else {
      steps.keep(request, response, step);
    }
    return byPage ? response : secured(request, response);
  }

  /**
   * Whether the way goes to the hosted login, and from there to whatever provider. Browsers hold
   * all redirects after a form to the policy of its page, which cannot name providers' hosts.
   */
  private boolean leadsToHostedLogin(String location) {
    return hosted != null
        && (location.equals(SIGN_IN)
            || location.startsWith(SIGN_IN + '?')
            || location.startsWith(hosted.origin() + '/'));
  }

  /** Shows a page under this status. */
  MutableHttpResponse<String> show(HttpRequest<?> request, View view, int status) {
    Visit visit = visits.of(request);
    MutableHttpResponse<String> response =
        HttpResponse.<String>status(HttpStatus.valueOf(status))
            .body(html(new Page(visit, view, assets)))
            .header("Content-Type", HTML)
            .header("Content-Language", visit.messages().language())
            .header("Vary", "Accept-Language")
            .header("Content-Security-Policy", PagePolicy.of(visit, view));
    return secured(request, response);
  }

  @SuppressWarnings("NullAway") // the templates' own way to have no interceptor
  private static String html(Page page) {
    var text = new StringOutput(8_192);
    var output = new OwaspHtmlTemplateOutput(text);
    if (page.view().profile() == null) {
      JteformGenerated.render(output, null, page);
    } else {
      JteaccountGenerated.render(output, null, page);
    }
    return text.toString();
  }

  private MutableHttpResponse<String> secured(
      HttpRequest<?> request, MutableHttpResponse<String> response) {
    guard.remember(request, response);
    // Not no-referrer: browsers would keep the origin of forms from this very host.
    return response
        .header("Cache-Control", "no-store")
        .header("Referrer-Policy", "same-origin")
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("X-Robots-Tag", "noindex");
  }
}
