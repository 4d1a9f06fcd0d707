package dev.portico.local;

import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.ReadinessProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The three services, each from the jar that ships, with the settings that fit this machine. */
final class Services {
  /** A process that ends is noticed at once; this is for one that hangs. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);

  /** Longer than the grace, so that a service that keeps its word is never killed. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /**
   * What fits a laptop better than the services' own defaults. Nothing here depends on it, so that
   * what is in the environment goes before it. The grace does not: what stops all waits for it.
   */
  private static final Map<String, String> LAPTOP =
      Map.of("PORTICO_BLOB_CACHE_SIZE", "128MB", "PORTICO_RESPONSE_CACHE_SIZE", "64MB");

  private static final String GRACE = "5s";

  /** In the minutes that a laptop gives it, the second compiler takes more time than it saves. */
  private static final List<String> FIRST_COMPILER = List.of("-XX:TieredStopAtLevel=1");

  /**
   * Only what runs ten times as often as usual goes to the second compiler, which has the
   * processor's SHA-256: ten times as fast as what the first makes of it. That is what publishing
   * spends its time on.
   */
  private static final List<String> BOTH_COMPILERS =
      List.of(
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=6000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:Tier4BackEdgeThreshold=400000");

  private final Checkout checkout;
  private final DataFolder folder;
  private final Options options;
  private final PortPlan ports;
  private final Map<String, URI> addresses;
  private final int contentPort;
  private final int internalPort;
  private final int authPort;
  private final int authInternalPort;
  private final String internalSecret;
  private final String authSecret;
  private final String authContentSecret;

  Services(
      Checkout checkout,
      DataFolder folder,
      Options options,
      PortPlan ports,
      Map<String, URI> addresses) {
    this.checkout = checkout;
    this.folder = folder;
    this.options = options;
    this.ports = ports;
    this.addresses = addresses;
    this.contentPort = ports.port("content", 8081);
    this.internalPort = ports.port("content-internal", 8082);
    this.authPort = ports.port("auth", 8084);
    this.authInternalPort = ports.port("auth-internal", 8085);
    this.internalSecret = folder.secret("internal", Secrets::internal);
    this.authSecret = folder.secret("auth-internal", Secrets::internal);
    this.authContentSecret = folder.secret("auth-content", Secrets::internal);
  }

  ManagedProcess auth(Cognito cognito, UserPool pool, String name) {
    var settings = aws();
    settings.put("PORTICO_API_PORT", Integer.toString(authPort));
    settings.put("PORTICO_INTERNAL_PORT", Integer.toString(authInternalPort));
    settings.put("PORTICO_INTERNAL_SECRETS", authSecret);
    settings.put("PORTICO_INTERNAL_SECRETS_OF_CONTENT", authContentSecret);
    settings.put("PORTICO_AUTH_URL", "http://auth.localhost:" + options.httpPort());
    settings.put("PORTICO_AUTH_SEALING_KEYS", folder.secret("sealing", Secrets::sealingKey));
    settings.put("PORTICO_DYNAMODB_TABLE", name);
    settings.put("PORTICO_DYNAMODB_ENDPOINT", at("DynamoDB"));
    settings.put("PORTICO_COGNITO_ENDPOINT", cognito.endpoint().toString());
    settings.put("PORTICO_COGNITO_USER_POOL_ID", pool.id());
    settings.put("PORTICO_COGNITO_CLIENT_ID", pool.clientId());
    settings.put("PORTICO_COGNITO_ISSUER", pool.issuer());
    settings.put("PORTICO_COGNITO_JWKS_URL", pool.keys(cognito.endpoint()).toString());
    loopbackOnly(settings, "API", "INTERNAL", "MANAGEMENT");
    return start("auth-service", 8086, options("-Xmx128m", FIRST_COMPILER), settings);
  }

  ManagedProcess content(Cognito cognito, UserPool pool, String name) {
    var settings = aws();
    settings.put("PORTICO_API_PORT", Integer.toString(contentPort));
    settings.put("PORTICO_INTERNAL_PORT", Integer.toString(internalPort));
    settings.put("PORTICO_SITE_URL", "http://{label}.localhost:" + options.httpPort() + "/");
    settings.put("PORTICO_COGNITO_ISSUER", pool.issuer());
    settings.put("PORTICO_COGNITO_JWKS_URL", pool.keys(cognito.endpoint()).toString());
    settings.put("PORTICO_COGNITO_CLIENT_IDS", pool.clientId());
    settings.put("PORTICO_DYNAMODB_TABLE", name);
    settings.put("PORTICO_DYNAMODB_ENDPOINT", at("DynamoDB"));
    settings.put("PORTICO_S3_BUCKET", name);
    settings.put("PORTICO_S3_ENDPOINT", at("S3"));
    settings.put("PORTICO_INTERNAL_SECRETS", internalSecret);
    settings.put("PORTICO_AUTH_INTERNAL", "http://127.0.0.1:" + authInternalPort);
    settings.put("PORTICO_AUTH_SECRET", authContentSecret);
    var spool = "PORTICO_SPOOL_DIRECTORY";
    settings.put(spool, System.getenv().getOrDefault(spool, folder.folder("spool").toString()));
    loopbackOnly(settings, "API", "INTERNAL", "MANAGEMENT");
    return start("content-service", 8083, options("-Xmx256m", BOTH_COMPILERS), settings);
  }

  ManagedProcess gateway(Cognito cognito, UserPool pool) {
    var settings = new HashMap<String, String>();
    settings.put("PORTICO_HTTP_PORT", Integer.toString(options.httpPort()));
    settings.put("PORTICO_HTTPS_PORT", Integer.toString(options.httpsPort()));
    settings.put("PORTICO_LOCAL_CA_DIRECTORY", folder.folder("tls").toString());
    settings.put("PORTICO_CONTENT_API", "http://127.0.0.1:" + contentPort);
    settings.put("PORTICO_CONTENT_INTERNAL", "http://127.0.0.1:" + internalPort);
    settings.put("PORTICO_CONTENT_SECRET", internalSecret);
    settings.put("PORTICO_AUTH_API", "http://127.0.0.1:" + authPort);
    settings.put("PORTICO_AUTH_INTERNAL", "http://127.0.0.1:" + authInternalPort);
    settings.put("PORTICO_AUTH_SECRET", authSecret);
    settings.put("PORTICO_COGNITO_ISSUER", pool.issuer());
    settings.put("PORTICO_COGNITO_JWKS_URL", pool.keys(cognito.endpoint()).toString());
    settings.put("PORTICO_COGNITO_CLIENT_IDS", pool.clientId());
    settings.putAll(laptop(System.getenv()));
    settings.put("MICRONAUT_SERVER_HOST", "127.0.0.1");
    // It holds no AWS credentials, not even those of this machine's owner.
    for (var name : List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")) {
      settings.put(name, "");
    }
    return start("gateway-service", 8087, options("-Xmx384m", FIRST_COMPILER), settings);
  }

  /** What fits a laptop, unless whoever starts it has said something else. */
  static Map<String, String> laptop(Map<String, String> environment) {
    var settings = new HashMap<>(LAPTOP);
    settings.replaceAll(environment::getOrDefault);
    return settings;
  }

  private static List<String> options(String memory, List<String> compilers) {
    var options = new ArrayList<>(compilers);
    options.add(memory);
    return options;
  }

  private ManagedProcess start(
      String service, int management, List<String> options, Map<String, String> settings) {
    int managementPort = ports.port(service + "-management", management);
    settings.put("PORTICO_MANAGEMENT_PORT", Integer.toString(managementPort));
    settings.put("PORTICO_SHUTDOWN_GRACE", GRACE);
    addresses.put(service, URI.create("http://127.0.0.1:" + managementPort));
    var command = new ArrayList<>(List.of(ManagedProcess.java().toString()));
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // What a run has loaded is mapped by the next, if jar and JVM are still the same.
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + archive(service),
            "-Xlog:disable"));
    command.addAll(moreJvmOptions(service));
    command.addAll(List.of("-jar", checkout.serviceJar(service).toString()));
    return ManagedProcess.named(service)
        .command(command)
        .environment(settings)
        .log(folder.log(service))
        .readyWithin(READY_WITHIN)
        .stopWithin(STOP_WITHIN)
        .readyWhen(
            ReadinessProbe.http(
                URI.create("http://127.0.0.1:" + managementPort + "/health/readiness"),
                status -> status == 200))
        .start();
  }

  /**
   * Where the class archive of this very jar is. The JVM would neither use nor replace one that was
   * made from another.
   */
  private Path archive(String service) {
    var archives = folder.folder("jvm");
    var jar = checkout.serviceJar(service);
    try (var old = Files.newDirectoryStream(archives, service + "-*.jsa")) {
      var attributes = Files.readAttributes(jar, BasicFileAttributes.class);
      var stamp = attributes.lastModifiedTime().toMillis() ^ attributes.size();
      var archive = archives.resolve("%s-%x.jsa".formatted(service, stamp));
      for (var other : old) {
        if (!other.equals(archive)) {
          Files.delete(other);
        }
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for class archives in " + archives, e);
    }
  }

  /** Flags that a person adds, for example to attach a debugger or to log collections. */
  private static List<String> moreJvmOptions(String service) {
    var name = "PORTICO_" + service.replace('-', '_').toUpperCase(Locale.ROOT) + "_JVM_OPTIONS";
    return Arrays.stream(System.getenv().getOrDefault(name, "").split("\\s+", -1))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  private String at(String standIn) {
    var address = addresses.get(standIn);
    if (address == null) {
      throw new IllegalStateException(standIn + " is not started");
    }
    return address.toString();
  }

  /** Only the gateway is for others to reach. */
  private static void loopbackOnly(Map<String, String> settings, String... listeners) {
    for (var listener : listeners) {
      settings.put("MICRONAUT_SERVER_NETTY_LISTENERS_" + listener + "_HOST", "127.0.0.1");
    }
  }

  private static Map<String, String> aws() {
    var account = LocalCredentials.DEFAULT;
    var settings = new HashMap<String, String>();
    settings.put("AWS_REGION", account.region());
    settings.put("AWS_ACCESS_KEY_ID", account.keyId());
    settings.put("AWS_SECRET_ACCESS_KEY", account.secret());
    // A session of the machine's owner would not fit these keys.
    settings.put("AWS_SESSION_TOKEN", "");
    return settings;
  }
}
