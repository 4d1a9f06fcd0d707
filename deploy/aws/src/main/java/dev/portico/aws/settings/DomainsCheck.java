package dev.portico.aws.settings;

import dev.portico.aws.settings.Settings.Domain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What domains, their zones and certificates must be to one another. */
final class DomainsCheck {
  /** A balancer's certificates besides that of Portico's own names; more are to be asked for. */
  private static final int MOST_CUSTOM_DOMAINS = 25;

  /** ACM's, of the first name in a certificate, which X.509 has as its common name. */
  private static final int LONGEST_COMMON_NAME = 64;

  private final List<Problem> problems = new ArrayList<>();

  private DomainsCheck() {}

  static List<Problem> problems(Settings settings) {
    DomainsCheck check = new DomainsCheck();
    check.domains(settings);
    check.zones(settings.domains());
    check.commonName("domains.sites.name", settings.domains().sites().name());
    check.certificates(settings);
    return check.problems;
  }

  private void domains(Settings settings) {
    Domain sites = settings.domains().sites();
    Domain api = settings.domains().api();
    if (sites.name().equals(api.name())
        || sites.name().endsWith("." + api.name())
        || api.name().endsWith("." + sites.name())) {
      problem(
          "domains.api.name",
          "sites are other people's code: "
              + api.name()
              + " must be neither the domain of sites, "
              + sites.name()
              + ", nor above or below it");
    }
    apart("domains.sites.zone", sites, api);
    Set<String> seen = new HashSet<>();
    List<Settings.CustomDomain> all = settings.domains().custom();
    for (int i = 0; i < all.size(); i++) {
      String field = custom(i);
      Domain custom = all.get(i).domain();
      String name = custom.name();
      if (!seen.add(name)) {
        problem(field + ".name", name + " is there twice");
      }
      if (name.endsWith("." + sites.name()) || name.equals(sites.name())) {
        problem(field + ".name", name + " is in the domain of sites already");
      }
      if (name.endsWith("." + api.name()) || name.equals(api.name())) {
        problem(field + ".name", name + " is in the domain of the API");
      }
      if (api.name().endsWith("." + name)) {
        problem(
            field + ".name",
            name + " is above the domain of the API: it could set cookies that the API is sent");
      }
      apart(field + ".zone", custom, api);
    }
  }

  /**
   * Whether the domains differ that people register. Nothing here knows at which label those end
   * (example.com, example.co.uk); a hosted zone is never above it, so that two domains in one zone
   * have theirs in common, and with it cookies.
   */
  private void apart(String field, Domain theirs, Domain api) {
    if (theirs.zone().equals(api.zone()) || theirs.zoneName().equals(api.zoneName())) {
      problem(
          field,
          "sites are other people's code: "
              + theirs.name()
              + " must not be in the zone of the API, "
              + api.zoneName());
    }
  }

  /** The same zone under two names: one of them is wrong, and its records would be refused. */
  private void zones(Settings.Domains domains) {
    Map<String, String> names = new HashMap<>();
    names.put(domains.sites().zone(), domains.sites().zoneName());
    for (int i = 0; i < domains.custom().size(); i++) {
      Domain custom = domains.custom().get(i).domain();
      String name = names.putIfAbsent(custom.zone(), custom.zoneName());
      if (name != null && !name.equals(custom.zoneName())) {
        problem(
            custom(i) + ".zone",
            custom.zone() + " is the zone " + name + " above, not " + custom.zoneName());
      }
    }
  }

  private void commonName(String field, String name) {
    if (name.length() > LONGEST_COMMON_NAME) {
      problem(
          field,
          "is of "
              + name.length()
              + " characters; a certificate's first name has at most "
              + LONGEST_COMMON_NAME);
    }
  }

  private static String custom(int index) {
    return "domains.custom[" + index + "]";
  }

  /**
   * A load balancer takes certificates of its own region only, CloudFront of us-east-1, and both of
   * their own account: CloudFormation would find out after a quarter of an hour.
   */
  private void certificates(Settings settings) {
    List<Settings.CustomDomain> all = settings.domains().custom();
    for (int i = 0; i < all.size(); i++) {
      String certificate = all.get(i).certificate();
      if (certificate == null) {
        commonName(custom(i) + ".name", all.get(i).domain().name());
      } else {
        certificate(custom(i) + ".certificate", certificate, settings.region(), settings.account());
      }
    }
    if (all.size() > MOST_CUSTOM_DOMAINS) {
      problem(
          "domains.custom",
          "has "
              + all.size()
              + " domains; a load balancer takes "
              + MOST_CUSTOM_DOMAINS
              + " certificates more than its first");
    }
    Settings.CloudFront cloudFront = settings.cloudFront();
    if (cloudFront != null) {
      certificate(
          "cloudFront.certificate", cloudFront.certificate(), "us-east-1", settings.account());
    }
  }

  private void certificate(String field, String arn, String region, String account) {
    if (!arn.startsWith("arn:aws:acm:" + region + ":" + account + ":")) {
      problem(field, "must be a certificate of " + region + " in " + account + ", and is " + arn);
    }
  }

  private void problem(String field, String reason) {
    problems.add(new Problem(field, reason));
  }
}
