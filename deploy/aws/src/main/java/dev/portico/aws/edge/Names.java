package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.CustomDomain;
import dev.portico.aws.settings.Settings.Domain;
import dev.portico.aws.settings.Settings.Domains;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.CertificateValidation;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.AaaaRecord;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.constructs.Construct;

/** Certificates that prove themselves by DNS, and the records by which viewers come. */
final class Names extends Construct {
  private final Settings settings;
  private final Map<String, IHostedZone> zones = new HashMap<>();
  private final List<ICertificate> certificates = new ArrayList<>();

  Names(Construct scope, Settings settings) {
    super(scope, "Names");
    this.settings = settings;
    certificates.add(certificate());
    for (CustomDomain custom : settings.domains().custom()) {
      certificates.add(certificate(custom));
    }
  }

  /** Of sites with their previews, of API and sign-in. */
  private Certificate certificate() {
    Domains domains = settings.domains();
    String sites = domains.sites().name();
    Map<String, IHostedZone> proven = new HashMap<>();
    List<String> others =
        new ArrayList<>(List.of("*." + sites, domains.apiHost(), domains.authHost()));
    if (settings.cloudFront() != null) {
      others.add(domains.originHost());
    }
    proven.put(sites, zone(domains.sites()));
    others.forEach(
        name ->
            proven.put(name, zone(name.endsWith("." + sites) ? domains.sites() : domains.api())));
    return Certificate.Builder.create(this, "Certificate")
        .domainName(sites)
        .subjectAlternativeNames(others)
        .validation(CertificateValidation.fromDnsMultiZone(proven))
        .build();
  }

  private ICertificate certificate(CustomDomain custom) {
    String id = "Certificate-" + custom.domain().name();
    String given = custom.certificate();
    if (given != null) {
      return Certificate.fromCertificateArn(this, id, given);
    }
    return Certificate.Builder.create(this, id)
        .domainName(custom.domain().name())
        .validation(CertificateValidation.fromDns(zone(custom.domain())))
        .build();
  }

  private IHostedZone zone(Domain domain) {
    return zones.computeIfAbsent(
        domain.zone(),
        id ->
            HostedZone.fromHostedZoneAttributes(
                this,
                "Zone-" + id,
                HostedZoneAttributes.builder()
                    .hostedZoneId(id)
                    .zoneName(domain.zoneName())
                    .build()));
  }

  /** The first is for most viewers; the others are found by the name that they ask for (SNI). */
  List<ICertificate> certificates() {
    return List.copyOf(certificates);
  }

  /** Leads all names of viewers there. */
  void leadTo(RecordTarget target) {
    viewers().forEach((name, domain) -> record(domain, name, target));
  }

  /** The same for viewers who have IPv6, which CloudFront takes and the load balancer does not. */
  void leadByIpv6To(RecordTarget target) {
    viewers()
        .forEach(
            (name, domain) ->
                AaaaRecord.Builder.create(this, "Record6-" + name)
                    .zone(zone(domain))
                    .recordName(name + ".")
                    .target(target)
                    .build());
  }

  private Map<String, Domain> viewers() {
    Domains domains = settings.domains();
    Map<String, Domain> names = new LinkedHashMap<>();
    names.put(domains.sites().name(), domains.sites());
    names.put("*." + domains.sites().name(), domains.sites());
    names.put(domains.apiHost(), domains.api());
    names.put(domains.authHost(), domains.api());
    domains.custom().forEach(custom -> names.put(custom.domain().name(), custom.domain()));
    return names;
  }

  /** The name by which CloudFront finds the load balancer. */
  void origin(RecordTarget target) {
    record(settings.domains().api(), settings.domains().originHost(), target);
  }

  private void record(Domain domain, String name, RecordTarget target) {
    ARecord.Builder.create(this, "Record-" + name)
        .zone(zone(domain))
        .recordName(name + ".")
        .target(target)
        .build();
  }
}
