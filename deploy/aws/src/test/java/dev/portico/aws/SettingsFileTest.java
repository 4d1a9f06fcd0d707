package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.settings.InvalidSettings;
import dev.portico.aws.settings.Problem;
import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.Architecture;
import dev.portico.aws.settings.Settings.Egress;
import dev.portico.aws.settings.Settings.HostedLogin;
import dev.portico.aws.settings.Settings.Size;
import dev.portico.aws.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {
  private static final String LEAST =
      """
      account: "111111111111"
      region: eu-central-1
      domains:
        sites: { name: example.site, zone: Z0AAAAAAAAAA }
        api: { name: example.com, zone: Z0BBBBBBBBBB }
      images: { tag: abc }
      accounts: { domainPrefix: example }
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("portico.yml"), text);
  }

  private List<String> problems(String text) throws IOException {
    return problems(file(text));
  }

  private static List<String> problems(Path file) {
    InvalidSettings thrown =
        catchThrowableOfType(InvalidSettings.class, () -> SettingsFile.read(file, null));
    assertThat(thrown).as("it is refused").isNotNull();
    assertThat(thrown).hasMessageContaining(file.toString());
    return thrown.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void whatIsLeftOutHasADefault() throws IOException {
    Settings settings = SettingsFile.read(file(LEAST), null);
    assertThat(settings.name()).isEqualTo("portico");
    assertThat(settings.dataStack()).isEqualTo("portico-data");
    assertThat(settings.edgeStack()).isEqualTo("portico-edge");
    assertThat(settings.architecture()).isEqualTo(Architecture.ARM64);
    assertThat(settings.network().egress()).isEqualTo(Egress.NAT);
    assertThat(settings.network().natGateways()).isEqualTo(1);
    assertThat(settings.network().originPorts()).containsExactly(443, 80);
    assertThat(settings.gateway().size()).isEqualTo(new Size(1024, 2048, 1, 6));
    assertThat(settings.gateway().requestsPerMinute()).isEqualTo(60_000);
    assertThat(settings.content()).isEqualTo(new Size(512, 2048, 1, 4));
    assertThat(settings.auth()).isEqualTo(new Size(512, 1024, 1, 4));
    assertThat(settings.logDays()).isEqualTo(30);
    assertThat(settings.accessLogDays()).isEqualTo(90);
    assertThat(settings.releases().bakeMinutes()).isEqualTo(10);
    assertThat(settings.accounts().selfSignUp()).isFalse();
    assertThat(settings.cloudFront()).isNull();
    assertThat(settings.firewall()).isNull();
    assertThat(settings.traces()).isNull();
    assertThat(settings.alarms().mail()).isNull();
  }

  @Test
  void jsonWillDo() throws IOException {
    Path file =
        file(
            """
            {"account": "111111111111", "region": "us-east-1", "images": {"tag": "abc"},
             "domains": {"sites": {"name": "example.site", "zone": "Z0AAAAAAAAAA"},
                         "api": {"name": "example.com", "zone": "Z0BBBBBBBBBB"}},
             "accounts": {"domainPrefix": "example"}}
            """);
    assertThat(SettingsFile.read(file, null).region()).isEqualTo("us-east-1");
  }

  @Test
  void aTagFromTheCommandLineIsThatOfAllImages() throws IOException {
    Path file = file(LEAST.replace("tag: abc", "tag: abc, content: other"));
    assertThat(SettingsFile.read(file, null).images().content()).isEqualTo("other");
    assertThat(SettingsFile.read(file, null).images().gateway()).isEqualTo("abc");
    assertThat(SettingsFile.read(file, "given").images().content()).isEqualTo("given");
  }

  @Test
  void everythingThatIsMissingIsToldAtOnce() throws IOException {
    assertThat(problems("name: portico"))
        .anyMatch(problem -> problem.startsWith("account: is missing; must be an AWS account"))
        .anyMatch(problem -> problem.startsWith("region: is missing"))
        .anyMatch(problem -> problem.startsWith("domains.sites.name: is missing"))
        .anyMatch(problem -> problem.startsWith("domains.api.zone: is missing"))
        .anyMatch(problem -> problem.startsWith("images.gateway: is missing; set images.tag"))
        .anyMatch(problem -> problem.startsWith("accounts.domainPrefix: is missing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          account: "111111111111"  | account: 111111111111   | account: must be an AWS account: 12 digits in quotation marks, and is 111111111111
          region: eu-central-1     | region: Frankfurt       | region: must be a region such as eu-central-1; those of China, GovCloud and other partitions than aws have other names of services, and is Frankfurt
          region: eu-central-1     | region: eu-centrall-1   | region: must be a region such as eu-central-1; those of China, GovCloud and other partitions than aws have other names of services, and is eu-centrall-1
          region: eu-central-1     | region: cn-north-1      | region: must be a region such as eu-central-1; those of China, GovCloud and other partitions than aws have other names of services, and is cn-north-1
          region: eu-central-1     | region: us-gov-west-1   | region: must be a region such as eu-central-1; those of China, GovCloud and other partitions than aws have other names of services, and is us-gov-west-1
          name: example.site       | name: a234567890.b234567890.c234567890.d234567890.e234567890.longdomain | domains.sites.name: is of 65 characters; a certificate's first name has at most 64
          domainPrefix: example    | domainPrefix: example, mail: { from: a@example.net, domain: example.com } | accounts.mail.from: must be an address of example.com, and is a@example.net
          domainPrefix: example    | domainPrefix: example, callbacks: ["https://*."]          | accounts.callbacks[0]: must be an https URL, without # and *, and is https://*.
          domainPrefix: example    | domainPrefix: example, callbacks: ["https://*.a.example/"] | accounts.callbacks[0]: must be an https URL, without # and *, and is https://*.a.example/
          domainPrefix: example    | domainPrefix: example, selfSignUp: "true" | accounts.selfSignUp: must be true or false, and is true in quotation marks
          tag: abc                 | tag: latest             | images.gateway: must be a tag that never moves, and is latest
          name: example.com        | name: example.site      | domains.api.name: sites are other people's code: example.site must be neither the domain of sites, example.site, nor above or below it
          name: example.com        | name: api.example.site  | domains.api.name: sites are other people's code: api.example.site must be neither the domain of sites, example.site, nor above or below it
          zone: Z0AAAAAAAAAA       | zone: example.site.     | domains.sites.zone: must be the id of a Route 53 hosted zone, such as Z0123456789ABC, and is example.site.
          zone: Z0AAAAAAAAAA       | zone: Z0AAAAAAAAAA, zoneName: example.org | domains.sites.zoneName: must be example.site or a domain above it, and is example.org
          domainPrefix: example    | domainPrefix: my-aws    | accounts.domainPrefix: must be lower-case letters, digits and hyphens, without aws, amazon or cognito, and is my-aws
          domainPrefix: example    | domainPrefix: example, hostedLogin: { identityProvider: Company } | accounts.hostedLogin.identityProvider: must be one of [COGNITO], and is Company
          domainPrefix: example    | domainPrefix: example, hostedLogin: { identityProviders: [a/b] }  | accounts.hostedLogin.identityProviders[0]: must be the name of an identity provider of the pool: 1 to 32 letters, digits, spaces and . @ : _ -, and is a/b
          domainPrefix: example    | domainPrefix: example, hostedLogin: { provider: Company }         | accounts.hostedLogin.provider: is not a setting
          domainPrefix: example    | domainPrefix: example, moreClients: ["a,b"] | accounts.moreClients[0]: must be the id of an app client: 1 to 128 letters, digits, + and _, and is a,b
          domainPrefix: example    | domainPrefx: example    | accounts.domainPrefx: is not a setting
          """)
  void whatCannotWorkIsToldByFieldAndReason(String right, String wrong, String problem)
      throws IOException {
    assertThat(LEAST).contains(right);
    assertThat(problems(LEAST.replace(right, wrong))).contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          colour: blue                                   | colour: is not a setting
          name: portico-                                 | name: must be 2 to 20 lower-case letters and digits, with single hyphens between them, and is portico-
          name: my--team                                 | name: must be 2 to 20 lower-case letters and digits, with single hyphens between them, and is my--team
          name: a23456789-123456789-1                    | name: must be 2 to 20 lower-case letters
          logDays: "30"                                  | logDays: must be a number from 1 to 3653, and is 30 in quotation marks
          architecture: sparc                            | architecture: must be one of arm64, x86_64, and is sparc
          logDays: 31                                    | logDays: CloudWatch keeps logs for one of
          accessLogDays: 0                               | accessLogDays: must be a number from 1 to 3653, and is 0
          logDays: many                                  | logDays: must be a number from 1 to 3653, and is many
          gateway: { cpu: 512, memory: 8192 }            | gateway.memory: Fargate has no task of cpu 512 and memory 8192
          gateway: { cpu: 300 }                          | gateway.memory: Fargate has no task of cpu 300 and memory 2048
          gateway: { cpu: 256, memory: 1024 }            | gateway.cpu: must be at least 512, of which Service Connect's agent is to have 256
          content: { min: 5, max: 4 }                    | content.max: must not be less than content.min
          network: { egress: endpoints, natGateways: 1 } | network.natGateways: must be 0 with network.egress endpoints
          network: { natGateways: 3 }                    | network.natGateways: must be from 1 to network.zones (2) with network.egress nat
          network: { cidr: 8.8.0.0/16 }                  | network.cidr: must be a private network
          network: { cidr: 10.20.5.0/16 }                | network.cidr: 10.20.5.0/16 has bits behind its mask; the network with that address is 10.20.0.0/16
          network: { cidr: 192.168.7.0/22 }              | network.cidr: 192.168.7.0/22 has bits behind its mask; the network with that address is 192.168.4.0/22
          network: { cidr: 10.300.0.0/16 }               | network.cidr: must be a private network
          network: { cidr: 10.020.0.0/16 }               | network.cidr: must be a private network
          network: { cidr: 10.1.0.0/22, zones: 3 }       | network.cidr: is too small for 3 zones: 10.1.0.0/22
          network: { originPorts: [443] }                | network.originPorts[0]: must be a TCP port in quotation marks, and is 443
          alarms: { mail: nobody }                       | alarms.mail: must be an e-mail address, and is nobody
          releases: { bakeMinutes: 5000 }                | releases.bakeMinutes: must be a number from 0 to 1440, and is 5000
          cloudFront: { prefixList: pl-0a1b2c3d, certificate: "arn:aws:acm:eu-central-1:111111111111:certificate/00000000-0000-0000-0000-000000000002" } | cloudFront.certificate: must be the ARN of an ACM certificate in us-east-1
          firewall: { requestsPerAddress: 1 }            | firewall.requestsPerAddress: must be a number from 100
          traces: { percent: 0 }                         | traces.percent: must be a number from 1 to 100, and is 0
          content: many                                  | content: must have fields of its own
          """)
  void soIsWhatIsOptional(String line, String problem) throws IOException {
    assertThat(problems(LEAST + line + "\n")).anyMatch(each -> each.startsWith(problem));
  }

  @ParameterizedTest
  @CsvSource({"hostedLogin: {}, hostedLogin", "awsCredentials: true, awsCredentials"})
  void whatHasNoEndpointNeedsAWayOut(String line, String field) throws IOException {
    String accounts = LEAST.replace("domainPrefix: example", "domainPrefix: example, " + line);
    assertThat(SettingsFile.read(file(accounts), null).network().egress()).isEqualTo(Egress.NAT);
    assertThat(problems(accounts + "network: { egress: endpoints }\n"))
        .singleElement()
        .asString()
        .startsWith("accounts." + field + ": needs network.egress nat");
  }

  @Test
  void thePoolsPagesOfferItsOwnAccountsUnlessToldOtherwise() throws IOException {
    String accounts = "domainPrefix: example, hostedLogin: ";
    assertThat(
            SettingsFile.read(file(LEAST.replace("domainPrefix: example", accounts + "{}")), null)
                .accounts()
                .hostedLogin())
        .isEqualTo(new HostedLogin(List.of("COGNITO"), null));
    String one = accounts + "{ identityProviders: [Company], identityProvider: Company }";
    assertThat(
            SettingsFile.read(file(LEAST.replace("domainPrefix: example", one)), null)
                .accounts()
                .hostedLogin())
        .isEqualTo(new HostedLogin(List.of("Company"), "Company"));
    assertThat(SettingsFile.read(file(LEAST), null).accounts().hostedLogin()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: docs.example.site, zone: Z0CCCCCCCCCC | name: docs.example.site is in the domain of sites already
          name: example.org, zone: Z0AAAAAAAAAA       | zone: Z0AAAAAAAAAA is the zone example.site above, not example.org
          name: example.org, zone: Z0DDDDDDDDDD       | zone: Z0DDDDDDDDDD is the zone example.net above, not example.org
          name: example.net, zone: Z0DDDDDDDDDD       | name: example.net is there twice
          name: example.org, zone: Z0CCCCCCCCCC, zoneName: example.net | zoneName: must be example.org or a domain above it, and is example.net
          name: a234567890.b234567890.c234567890.d234567890.e234567890.longdomain, zone: Z0CCCCCCCCCC | name: is of 65 characters; a certificate's first name has at most 64
          name: www.example.com, zone: Z0CCCCCCCCCC   | name: www.example.com is in the domain of the API
          name: example.org, zone: Z0BBBBBBBBBB       | zone: sites are other people's code: example.org must not be in the zone of the API, example.com
          """)
  void aSitesOwnDomainIsElsewhere(String fields, String reason) throws IOException {
    String custom =
        "  custom: [{ name: example.net, zone: Z0DDDDDDDDDD }, { " + fields + " }]\nimages";
    assertThat(problems(LEAST.replace("images", custom))).contains("domains.custom[1]." + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sites: { name: sites.company.example, zone: Z0BBBBBBBBBB, zoneName: company.example } | domains.sites.zone: sites are other people's code: sites.company.example must not be in the zone of the API, company.example
          sites: { name: sites.company.example, zone: Z0AAAAAAAAAA, zoneName: company.example } | domains.sites.zone: sites are other people's code: sites.company.example must not be in the zone of the API, company.example
          sites: { name: example.site, zone: Z0BBBBBBBBBB }                                     | domains.sites.zone: sites are other people's code: example.site must not be in the zone of the API, company.example
          custom: [{ name: company.example, zone: Z0CCCCCCCCCC }]                               | domains.custom[0].name: company.example is above the domain of the API: it could set cookies that the API is sent
          custom: [{ name: www.company.example, zone: Z0BBBBBBBBBB, zoneName: company.example }] | domains.custom[0].zone: sites are other people's code: www.company.example must not be in the zone of the API, company.example
          """)
  void sitesShareNoRegisteredDomainWithTheApi(String line, String problem) throws IOException {
    String sites = "  sites: { name: example.site, zone: Z0AAAAAAAAAA }\n";
    String settings =
        LEAST
            .replace(sites, line.startsWith("sites") ? "" : sites)
            .replace(
                "  api: { name: example.com, zone: Z0BBBBBBBBBB }\n",
                "  api: { name: portico.company.example, zone: Z0BBBBBBBBBB, zoneName: company.example }\n  "
                    + line
                    + "\n");
    assertThat(problems(settings)).contains(problem);
  }

  @ParameterizedTest
  @CsvSource({"eu-west-1, 111111111111", "eu-central-1, 222222222222"})
  void aCertificateIsOfTheRegionAndAccountOfWhatUsesIt(String region, String account)
      throws IOException {
    String arn =
        "arn:aws:acm:%s:%s:certificate/00000000-0000-0000-0000-000000000001"
            .formatted(region, account);
    String custom =
        "  custom: [{ name: example.org, zone: Z0CCCCCCCCCC, certificate: \""
            + arn
            + "\" }]\nimages";
    assertThat(problems(LEAST.replace("images", custom)))
        .containsExactly(
            "domains.custom[0].certificate: must be a certificate of eu-central-1 in 111111111111, and is "
                + arn);
    String right = arn.replace(region, "eu-central-1").replace(account, "111111111111");
    assertThat(
            SettingsFile.read(file(LEAST.replace("images", custom.replace(arn, right))), null)
                .domains()
                .custom())
        .hasSize(1);
  }

  @Test
  void soIsCloudFronts() throws IOException {
    String arn =
        "arn:aws:acm:us-east-1:222222222222:certificate/00000000-0000-0000-0000-000000000002";
    String line = "cloudFront: { prefixList: pl-0a1b2c3d, certificate: \"" + arn + "\" }\n";
    assertThat(problems(LEAST + line))
        .containsExactly(
            "cloudFront.certificate: must be a certificate of us-east-1 in 111111111111, and is "
                + arn);
  }

  @Test
  void tracesAreOnWhenTheyAreNamedAndNeedTheInternet() throws IOException {
    Settings.Traces traces = SettingsFile.read(file(LEAST + "traces: {}\n"), null).traces();
    assertThat(traces).isEqualTo(new Settings.Traces(5));
    String endpoints = "traces: {}\nnetwork: { egress: endpoints, natGateways: 0 }\n";
    assertThat(problems(LEAST + endpoints))
        .containsExactly(
            "traces: need network.egress nat: the collector's image is in AWS's public registry");
  }

  @Test
  void northernCaliforniaHasTwoZones() throws IOException {
    String there = LEAST.replace("region: eu-central-1", "region: us-west-1");
    assertThat(SettingsFile.read(file(there), null).network().zones()).isEqualTo(2);
    assertThat(problems(there + "network: { zones: 3 }\n"))
        .containsExactly("network.zones: must be 2: us-west-1 gives an account no more");
  }

  @Test
  void whatAwsHasAQuotaForEndsThere() throws IOException {
    assertThat(problems(LEAST + "network: { originPorts: " + several(51, "\"90%02d\"") + " }\n"))
        .containsExactly("network.originPorts: has 51 ports; a security group has room for 50");
    String custom = "  custom: " + several(26, "{ name: e%02d.example, zone: Z0CCCCCCCC%<02d }");
    assertThat(problems(LEAST.replace("images", custom + "\nimages")))
        .containsExactly(
            "domains.custom: has 26 domains; a load balancer takes 25 certificates more than its"
                + " first");
  }

  private static String several(int number, String form) {
    return IntStream.range(0, number).mapToObj(form::formatted).toList().toString();
  }

  @Test
  void aFileThatCannotBeReadIsToldWithoutATrace() throws IOException {
    assertThat(problems(folder.resolve("none.yml"))).containsExactly("the file: is not there");
    assertThat(problems(folder)).containsExactly("the file: is a folder");
    String binary = "the file: is no text, or none that YAML may have";
    assertThat(problems(Files.write(folder.resolve("image"), new byte[] {(byte) 0x89, 'P'})))
        .containsExactly(binary);
    assertThat(problems(file("a: \0"))).containsExactly(binary);
  }

  @Test
  void aKeyThatIsThereTwiceIsRefusedByLine() throws IOException {
    assertThat(problems(LEAST + "region: us-east-1\n"))
        .singleElement()
        .asString()
        .startsWith("line ")
        .contains("duplicate key region");
  }

  @Test
  void theExamplesAreRight() {
    for (String example : List.of("small-team", "production")) {
      Path file = Deployment.module().resolve("examples/" + example + ".yml");
      assertThat(SettingsFile.read(file, null).account()).isEqualTo("111111111111");
    }
  }
}
