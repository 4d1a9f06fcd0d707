package dev.portico.aws.settings;

import dev.portico.aws.settings.Settings.Accounts;
import dev.portico.aws.settings.Settings.Alarms;
import dev.portico.aws.settings.Settings.Architecture;
import dev.portico.aws.settings.Settings.CloudFront;
import dev.portico.aws.settings.Settings.CustomDomain;
import dev.portico.aws.settings.Settings.Domain;
import dev.portico.aws.settings.Settings.Domains;
import dev.portico.aws.settings.Settings.Egress;
import dev.portico.aws.settings.Settings.Firewall;
import dev.portico.aws.settings.Settings.Gateway;
import dev.portico.aws.settings.Settings.HostedLogin;
import dev.portico.aws.settings.Settings.Images;
import dev.portico.aws.settings.Settings.Network;
import dev.portico.aws.settings.Settings.Releases;
import dev.portico.aws.settings.Settings.SecondFactor;
import dev.portico.aws.settings.Settings.Size;
import dev.portico.aws.settings.Settings.Traces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns fields into settings: names, forms and defaults, each in one place. */
final class SettingsReader {
  private final @Nullable String tag;

  /** A reader that takes {@code tag}, if there is one, as that of all images. */
  SettingsReader(@Nullable String tag) {
    this.tag = tag;
  }

  Settings read(Fields file) {
    Settings settings =
        new Settings(
            file.text("name", Form.STACK, "portico"),
            file.text("account", Form.ACCOUNT),
            file.text("region", Form.REGION),
            domains(file.object("domains")),
            images(file.object("images")),
            network(file.object("network")),
            gateway(file.object("gateway")),
            size(file.object("content"), 512, 2048, 1, 4),
            size(file.object("auth"), 512, 1024, 1, 4),
            file.choice("architecture", Architecture.class, Architecture.ARM64),
            accounts(file.object("accounts")),
            releases(file.object("releases")),
            alarms(file.object("alarms")),
            file.number("logDays", 1, 3653, 30),
            file.number("accessLogDays", 1, 3653, 90),
            cloudFront(file.objectIfPresent("cloudFront")),
            firewall(file.objectIfPresent("firewall")),
            traces(file.objectIfPresent("traces")));
    file.nothingElse();
    return settings;
  }

  private static Domains domains(Fields fields) {
    Domains domains =
        new Domains(
            domain(fields.object("sites"), true),
            domain(fields.object("api"), true),
            fields.objects("custom").stream().map(SettingsReader::custom).toList());
    fields.nothingElse();
    return domains;
  }

  private static CustomDomain custom(Fields fields) {
    String certificate = fields.text("certificate", Form.CERTIFICATE, "");
    Domain domain = domain(fields, false);
    fields.nothingElse();
    return new CustomDomain(domain, certificate.isEmpty() ? null : certificate);
  }

  private static Domain domain(Fields fields, boolean whole) {
    String name = fields.text("name", Form.DOMAIN);
    String zone = fields.text("zone", Form.ZONE);
    String zoneName = fields.text("zoneName", Form.DOMAIN, name);
    if (whole) {
      fields.nothingElse();
    }
    if (!name.equals(zoneName) && !name.endsWith("." + zoneName)) {
      fields.problem("zoneName", "must be " + name + " or a domain above it, and is " + zoneName);
    }
    return new Domain(name, zone, zoneName);
  }

  private Images images(Fields fields) {
    String all = fields.text("tag", Form.TAG, "");
    Images images =
        new Images(
            image(fields, "gateway", all),
            image(fields, "content", all),
            image(fields, "auth", all));
    fields.nothingElse();
    return images;
  }

  private String image(Fields fields, String service, String all) {
    String own = fields.text(service, Form.TAG, all);
    String chosen = tag == null ? own : tag;
    if (tag != null && !Form.TAG.accepts(tag)) {
      fields.problem(service, Form.TAG.expectation() + ", and is " + tag);
    }
    if (chosen.isEmpty()) {
      fields.problem(service, "is missing; set images.tag or give one with -c tag=…");
    }
    if (chosen.equals("latest")) {
      fields.problem(service, "must be a tag that never moves, and is latest");
    }
    return chosen;
  }

  private static Network network(Fields fields) {
    Egress egress = fields.choice("egress", Egress.class, Egress.NAT);
    Network network =
        new Network(
            fields.text("cidr", Form.CIDR, "10.20.0.0/16"),
            fields.number("zones", 2, 3, 2),
            egress,
            fields.number("natGateways", 0, 3, egress == Egress.NAT ? 1 : 0),
            ports(fields));
    fields.nothingElse();
    return network;
  }

  private static List<Integer> ports(Fields fields) {
    List<Integer> ports = new ArrayList<>();
    for (String port : fields.texts("originPorts", Form.PORT)) {
      if (!port.isEmpty()) {
        ports.add(Integer.valueOf(port));
      }
    }
    return ports.isEmpty() ? List.of(443, 80) : List.copyOf(ports);
  }

  private static Gateway gateway(Fields fields) {
    int requests = fields.number("requestsPerMinute", 100, 10_000_000, 60_000);
    return new Gateway(size(fields, 1024, 2048, 1, 6), requests);
  }

  private static Size size(Fields fields, int cpu, int memory, int min, int max) {
    Size size =
        new Size(
            fields.number("cpu", 256, 16_384, cpu),
            fields.number("memory", 512, 122_880, memory),
            fields.number("min", 1, 200, min),
            fields.number("max", 1, 200, max));
    fields.nothingElse();
    return size;
  }

  private static Accounts accounts(Fields fields) {
    Fields mail = fields.objectIfPresent("mail");
    String from = mail == null ? "" : mail.text("from", Form.MAIL);
    String domain = mail == null ? "" : mail.text("domain", Form.DOMAIN);
    Accounts accounts =
        new Accounts(
            fields.text("domainPrefix", Form.COGNITO_PREFIX),
            fields.choice("secondFactor", SecondFactor.class, SecondFactor.REQUIRED),
            fields.flag("threatProtection", false),
            fields.flag("selfSignUp", false),
            fields.flag("awsCredentials", false),
            fields.texts("callbacks", Form.URL),
            fields.texts("moreClients", Form.CLIENT),
            hostedLogin(fields.objectIfPresent("hostedLogin")),
            from.isEmpty() ? null : from,
            domain.isEmpty() ? null : domain);
    fields.nothingElse();
    return accounts;
  }

  private static @Nullable HostedLogin hostedLogin(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    List<String> given = fields.texts("identityProviders", Form.PROVIDER);
    List<String> offered = given.isEmpty() ? List.of(HostedLogin.OWN_ACCOUNTS) : given;
    String only = fields.text("identityProvider", Form.PROVIDER, "");
    if (!only.isEmpty() && !offered.contains(only)) {
      fields.problem("identityProvider", "must be one of " + offered + ", and is " + only);
    }
    fields.nothingElse();
    return new HostedLogin(offered, only.isEmpty() ? null : only);
  }

  private static Releases releases(Fields fields) {
    Releases releases = new Releases(fields.number("bakeMinutes", 0, 1440, 10));
    fields.nothingElse();
    return releases;
  }

  private static Alarms alarms(Fields fields) {
    String mail = fields.text("mail", Form.MAIL, "");
    Alarms alarms =
        new Alarms(mail.isEmpty() ? null : mail, fields.number("slowMillis", 10, 60_000, 2000));
    fields.nothingElse();
    return alarms;
  }

  private static @Nullable CloudFront cloudFront(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    CloudFront cloudFront =
        new CloudFront(
            fields.text("certificate", Form.CERTIFICATE_FOR_CLOUDFRONT),
            fields.text("prefixList", Form.PREFIX_LIST));
    fields.nothingElse();
    return cloudFront;
  }

  private static @Nullable Traces traces(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    Traces traces = new Traces(fields.number("percent", 1, 100, 5));
    fields.nothingElse();
    return traces;
  }

  private static @Nullable Firewall firewall(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    Firewall firewall = new Firewall(fields.number("requestsPerAddress", 100, 2_000_000_000, 5000));
    fields.nothingElse();
    return firewall;
  }
}
