package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.access.session.SessionSettings;
import dev.portico.gateway.access.token.TokenSettings;
import dev.portico.gateway.cache.store.ResponseCacheDiskSettings;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.connection.Http2Limits;
import dev.portico.gateway.connection.ListenerSettings;
import dev.portico.gateway.connection.TlsSettings;
import dev.portico.gateway.observe.ObserveSettings;
import dev.portico.gateway.origin.OriginSettings;
import dev.portico.gateway.origin.ReachSettings;
import dev.portico.gateway.site.WarmUpSettings;
import dev.portico.gateway.violation.ViolationSettings;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key and default of the settings that this part of the service reads. */
class SettingsTest {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(PORTICO_[A-Z0-9_]+):([^}]*)}");

  /** Sizes whose default is a number of bytes. */
  private static final Set<String> SIZES_BY_NUMBER =
      Set.of("PORTICO_BODY_RATE", "PORTICO_MANIFEST_LIVE_SIZE");

  /** What may be any text, or is checked by what it says. */
  private static final Set<String> TEXTS =
      Set.of(
          "PORTICO_SITE_DOMAIN",
          "PORTICO_API_DOMAIN",
          "PORTICO_TRANSPORT",
          "PORTICO_LOCAL_CA_DIRECTORY",
          "PORTICO_TLS_CERTIFICATE",
          "PORTICO_TLS_KEY",
          "PORTICO_CONTENT_SECRET",
          "PORTICO_AUTH_SECRET",
          "PORTICO_ORIGIN_ALLOWED_INNER",
          "PORTICO_ORIGIN_AUTHORITIES",
          "PORTICO_ORIGIN_NAME_SERVERS",
          "PORTICO_COGNITO_ISSUER",
          "PORTICO_COGNITO_JWKS_URL",
          "PORTICO_COGNITO_CLIENT_IDS",
          "PORTICO_RESPONSE_CACHE_DISK_FOLDER");

  private static ApplicationContext context(Map<String, Object> settings) {
    return ApplicationContext.builder()
        .environmentPropertySource(false)
        .properties(settings)
        .build()
        .start();
  }

  @Test
  void defaults() {
    try (ApplicationContext context = context(Map.of())) {
      assertThat(context.getBean(ListenerSettings.class))
          .isEqualTo(
              new ListenerSettings(
                  8080,
                  0,
                  0,
                  0,
                  Duration.ZERO,
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(30),
                  20_000,
                  1_000,
                  8_192,
                  32_768,
                  200,
                  50L << 30,
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(75),
                  Duration.ofSeconds(30),
                  240,
                  Duration.ofSeconds(60),
                  0,
                  "auto"));
      assertThat(context.getBean(Http2Limits.class))
          .isEqualTo(new Http2Limits(128, 200, 2_000, Duration.ofSeconds(30)));
      assertThat(context.getBean(TlsSettings.class)).isEqualTo(new TlsSettings("", "", ""));
      assertThat(context.getBean(ObserveSettings.class))
          .isEqualTo(new ObserveSettings("true", 16_384, Duration.ZERO));
      assertThat(context.getBean(OriginSettings.class))
          .isEqualTo(
              new OriginSettings(
                  URI.create("http://localhost:8081"),
                  URI.create("http://localhost:8082"),
                  "",
                  URI.create("http://localhost:8084"),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(120),
                  Duration.ofSeconds(60),
                  16 * 1024,
                  64,
                  Duration.ofSeconds(20)));
      assertThat(context.getBean(SessionSettings.class))
          .isEqualTo(
              new SessionSettings(
                  URI.create("http://localhost:8085"), "", Duration.ofMinutes(5), 64 << 20));
      assertThat(context.getBean(TokenSettings.class))
          .isEqualTo(new TokenSettings("", "", List.of(), Duration.ofSeconds(60)));
      assertThat(context.getBean(ResponseCacheSettings.class))
          .isEqualTo(new ResponseCacheSettings(256 << 20, 8 << 20, 1 << 20));
      assertThat(context.getBean(ResponseCacheDiskSettings.class))
          .isEqualTo(new ResponseCacheDiskSettings("", 10L << 30));
      assertThat(context.getBean(ViolationSettings.class))
          .isEqualTo(new ViolationSettings(Duration.ofSeconds(15)));
      assertThat(context.getBean(WarmUpSettings.class))
          .isEqualTo(new WarmUpSettings(64 << 20, Duration.ofSeconds(5), Duration.ofSeconds(30)));
      assertThat(context.getBean(ReachSettings.class))
          .isEqualTo(new ReachSettings(1024, 1024, "", "", ""));
    }
  }

  @Test
  void keys() {
    Map<String, Object> environment =
        Map.ofEntries(
            Map.entry("PORTICO_HTTP_PORT", "1"),
            Map.entry("PORTICO_TRANSPORT", "io_uring"),
            Map.entry("PORTICO_HTTPS_PORT", "2"),
            Map.entry("PORTICO_PUBLIC_HTTPS_PORT", "12"),
            Map.entry("PORTICO_TRUSTED_PROXIES", "3"),
            Map.entry("PORTICO_MAX_CONNECTIONS_PER_CLIENT", "7"),
            Map.entry("PORTICO_MAX_HEADER_FIELDS", "150"),
            Map.entry("PORTICO_MAX_BODY_SIZE", "1MB"),
            Map.entry("PORTICO_BODY_RATE", "2KB"),
            Map.entry("PORTICO_HTTP2_MAX_STREAMS", "8"),
            Map.entry("PORTICO_HTTP2_MAX_RESETS", "9"),
            Map.entry("PORTICO_HTTP2_MAX_CONTROL_FRAMES", "100"),
            Map.entry("PORTICO_HTTP2_WINDOW", "11s"),
            Map.entry("PORTICO_SHUTDOWN_DELAY", "5s"),
            Map.entry("PORTICO_SHUTDOWN_GRACE", "4s"),
            Map.entry("PORTICO_STOP_TIMEOUT", "10s"),
            Map.entry("PORTICO_LOCAL_CA_DIRECTORY", "ca"),
            Map.entry("PORTICO_CONTENT_API", "http://a:1"),
            Map.entry("PORTICO_CONTENT_INTERNAL", "http://b:2"),
            Map.entry("PORTICO_CONTENT_SECRET", "s"),
            Map.entry("PORTICO_AUTH_API", "http://c:3"),
            Map.entry("PORTICO_AUTH_INTERNAL", "http://d:4"),
            Map.entry("PORTICO_AUTH_SECRET", "t"),
            Map.entry("PORTICO_SESSION_GRACE", "1m"),
            Map.entry("PORTICO_SESSION_CACHE_SIZE", "1MB"),
            Map.entry("PORTICO_COGNITO_ISSUER", "https://pool"),
            Map.entry("PORTICO_COGNITO_JWKS_URL", "https://pool/keys"),
            Map.entry("PORTICO_COGNITO_CLIENT_IDS", "one, two"),
            Map.entry("PORTICO_TOKEN_CLOCK_SKEW", "5s"),
            Map.entry("PORTICO_ORIGIN_BLOB_RATE", "1MB"),
            Map.entry("PORTICO_RESPONSE_CACHE_SIZE", "64MB"),
            Map.entry("PORTICO_RESPONSE_CACHE_LARGEST_BODY", "1MB"),
            Map.entry("PORTICO_RESPONSE_CACHE_SLICE_SIZE", "512KB"),
            Map.entry("PORTICO_RESPONSE_CACHE_DISK_FOLDER", "/cache"),
            Map.entry("PORTICO_RESPONSE_CACHE_DISK_SIZE", "2GB"),
            Map.entry("PORTICO_ORIGIN_ALLOWED_INNER", "10.0.0.0/8, fd00::/8"),
            Map.entry("PORTICO_CSP_REPORTS_INTERVAL", "3s"),
            Map.entry("PORTICO_WARM_UP_SIZE", "1MB"),
            Map.entry("PORTICO_WARM_UP_TIMEOUT", "2s"),
            Map.entry("PORTICO_WARM_UP_INTERVAL", "9s"),
            Map.entry("PORTICO_ACCESS_LOG", "false"),
            Map.entry("PORTICO_METRICS_LOG_INTERVAL", "1m"));
    try (ApplicationContext context = context(environment)) {
      ListenerSettings listener = context.getBean(ListenerSettings.class);
      assertThat(listener.httpPort()).isEqualTo(1);
      assertThat(listener.transport()).isEqualTo("io_uring");
      assertThat(listener.httpsPort()).isEqualTo(2);
      assertThat(listener.publicHttpsPort()).isEqualTo(12);
      assertThat(listener.trustedProxies()).isEqualTo(3);
      assertThat(listener.maxConnectionsPerClient()).isEqualTo(7);
      assertThat(listener.maxHeaderFields()).isEqualTo(150);
      assertThat(listener.maxBodySize()).isEqualTo(1 << 20);
      assertThat(listener.bodyRate()).isEqualTo(2 << 10);
      assertThat(context.getBean(Http2Limits.class))
          .isEqualTo(new Http2Limits(8, 9, 100, Duration.ofSeconds(11)));
      assertThat(listener.shutdownDelay()).isEqualTo(Duration.ofSeconds(5));
      assertThat(listener.shutdownGrace()).isEqualTo(Duration.ofSeconds(4));
      assertThat(listener.stopTimeout()).isEqualTo(Duration.ofSeconds(10));
      assertThat(context.getBean(TlsSettings.class).localCaDirectory()).isEqualTo("ca");
      OriginSettings origins = context.getBean(OriginSettings.class);
      assertThat(origins.contentApi()).isEqualTo(URI.create("http://a:1"));
      assertThat(origins.contentInternal()).isEqualTo(URI.create("http://b:2"));
      assertThat(origins.contentSecret()).isEqualTo("s");
      assertThat(context.getBean(ResponseCacheSettings.class))
          .isEqualTo(new ResponseCacheSettings(64 << 20, 1 << 20, 512 << 10));
      assertThat(context.getBean(ResponseCacheDiskSettings.class))
          .isEqualTo(new ResponseCacheDiskSettings("/cache", 2L << 30));
      assertThat(origins.blobRate()).isEqualTo(1 << 20);
      assertThat(context.getBean(ReachSettings.class).allowedInner())
          .isEqualTo("10.0.0.0/8, fd00::/8");
      assertThat(context.getBean(ViolationSettings.class).interval())
          .isEqualTo(Duration.ofSeconds(3));
      assertThat(context.getBean(WarmUpSettings.class))
          .isEqualTo(new WarmUpSettings(1 << 20, Duration.ofSeconds(2), Duration.ofSeconds(9)));
      assertThat(origins.authApi()).isEqualTo(URI.create("http://c:3"));
      SessionSettings sessions = context.getBean(SessionSettings.class);
      assertThat(sessions)
          .isEqualTo(
              new SessionSettings(URI.create("http://d:4"), "t", Duration.ofMinutes(1), 1 << 20));
      assertThat(sessions.toString()).doesNotContain(", t");
      assertThat(context.getBean(TokenSettings.class))
          .isEqualTo(
              new TokenSettings(
                  "https://pool",
                  "https://pool/keys",
                  List.of("one", "two"),
                  Duration.ofSeconds(5)));
      assertThat(context.getBean(ObserveSettings.class))
          .isEqualTo(new ObserveSettings("false", 16_384, Duration.ofMinutes(1)));
    }
  }

  /** Where viewers are sent who must come over HTTPS. */
  @ParameterizedTest
  @CsvSource({
    "8443,0,0,8443",
    "0,0,0,443",
    "-1,0,0,443",
    "8443,0,1,443",
    "8443,9443,0,9443",
    "0,9443,1,9443",
  })
  void thePortForHttps(int own, int given, int proxies, int expected) {
    Map<String, Object> settings =
        Map.of(
            "PORTICO_HTTPS_PORT",
            own,
            "PORTICO_PUBLIC_HTTPS_PORT",
            given,
            "PORTICO_TRUSTED_PROXIES",
            proxies);
    try (ApplicationContext context = context(settings)) {
      assertThat(context.getBean(ListenerSettings.class).portForHttps()).isEqualTo(expected);
    }
  }

  @Test
  void stoppingMustFitInTheTimeThatThePlatformGives() {
    Map<String, Object> settings =
        Map.of("PORTICO_SHUTDOWN_DELAY", "15s", "PORTICO_SHUTDOWN_GRACE", "15500ms");
    assertThatThrownBy(() -> context(settings).close())
        .hasStackTraceContaining(
            "PORTICO_SHUTDOWN_DELAY (15s) and PORTICO_SHUTDOWN_GRACE (15.5s) together exceed"
                + " PORTICO_STOP_TIMEOUT (30s)");
    Map<String, Object> fitting = new HashMap<>(settings);
    fitting.put("PORTICO_STOP_TIMEOUT", "30500ms");
    try (ApplicationContext context = context(fitting)) {
      assertThat(context.getBean(ListenerSettings.class).stopTimeout())
          .isEqualTo(Duration.ofMillis(30_500));
    }
  }

  /** The variables of application.yml, with their defaults. */
  static Map<String, String> variables() throws IOException {
    Map<String, String> variables = new LinkedHashMap<>();
    Path file = Path.of("src/main/resources/application.yml");
    Matcher each = VARIABLE.matcher(Files.readString(file));
    while (each.find()) {
      variables.put(each.group(1), each.group(2).replace("`", ""));
    }
    return variables;
  }

  /** The name of each variable, a value that is none of its type, and what is said about it. */
  static Stream<Arguments> valuesThatAreNone() throws IOException {
    Stream.Builder<Arguments> cases = Stream.builder();
    variables()
        .forEach(
            (name, usual) -> {
              if (SIZES_BY_NUMBER.contains(name) || usual.matches("[0-9]+[KMG]B")) {
                cases.add(Arguments.of(name, "1KiB", "a size as 64MB"));
                cases.add(Arguments.of(name, "64XB", "a size as 64MB"));
              } else if (usual.matches("[0-9]+m?[sm]")) {
                cases.add(Arguments.of(name, "10", "a duration as 10s"));
              } else if (usual.matches("[0-9]+")) {
                cases.add(Arguments.of(name, "8x", "a whole number"));
              } else if (usual.matches("true|false")) {
                cases.add(Arguments.of(name, "flase", "true or false"));
              } else if (usual.startsWith("http:")) {
                cases.add(Arguments.of(name, "a b", "a URL"));
              } else {
                assertThat(name).as("its type").isIn(TEXTS);
              }
            });
    return cases.build();
  }

  @ParameterizedTest
  @MethodSource("valuesThatAreNone")
  void whatCannotBeUnderstoodStopsTheStart(String variable, String value, String expected) {
    assertRefused(
        Map.of(variable, value),
        "%s must be %s, and is \"%s\"".formatted(variable, expected, value));
  }

  private static void assertRefused(Map<String, Object> settings, String line) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putIfAbsent("PORTICO_MANAGEMENT_PORT", "-1");
    all.putIfAbsent("PORTICO_HTTP_PORT", "0");
    assertThatThrownBy(() -> GatewayService.start(all).close())
        .isInstanceOf(StartException.class)
        .hasMessage(line);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "PORTICO_HTTP_PORT,70000,`must be from -1 to 65535, and is \"70000\"`",
        "PORTICO_MANAGEMENT_PORT,70000,`must be from -1 to 65535, and is \"70000\"`",
        "PORTICO_HEADER_TIMEOUT,0s,`must be longer than 0s, and is \"0s\"`",
        "PORTICO_SHUTDOWN_GRACE,-1s,`must not be negative, and is \"-1s\"`",
        "PORTICO_TRANSPORT,kqueue,`must be auto, epoll, io_uring or nio, and is \"kqueue\"`",
        "PORTICO_HTTP2_WINDOW,500ms,`must be from 1s to 1h, and is \"500ms\"`",
        "PORTICO_SITE_DOMAIN,` `,`must name a domain, and is \" \"`",
        "PORTICO_API_DOMAIN,` `,`must name a domain, and is \" \"`",
        "PORTICO_CONTENT_API,https://a,`must be as http://host:port, and is \"https://a\"`",
        "PORTICO_AUTH_INTERNAL,auth,`must be a URL, and is \"auth\"`",
        "PORTICO_BLOB_CACHE_SIZE,1KB,`must be at least 1MB, and is \"1KB\"`",
        "PORTICO_BLOB_CACHE_VARIANT_RETRY,-1s,`must not be negative, and is \"-1s\"`",
        "PORTICO_ORIGIN_NAME_SERVERS,a b,"
            + "`must be addresses as 10.0.0.2,10.0.0.3:5353, and is \"a b\"`",
        "PORTICO_ORIGIN_ALLOWED_INNER,10.0.0.0/33,"
            + "`must be ranges as 10.1.0.0/16,fd00::/8, and is \"10.0.0.0/33\"`",
        "PORTICO_ORIGIN_AUTHORITIES,/no/such.pem,"
            + "`must be a file that can be read, and is \"/no/such.pem\"`",
        "PORTICO_HEADER_TIMEOUT,``,`must be a duration as 10s, and is \"\"`",
        "PORTICO_HTTP_PORT,``,must not be empty",
        "PORTICO_BLOB_CACHE_SIZE,``,must not be empty",
        "PORTICO_AUTH_API,``,must not be empty",
      })
  void whatIsOutOfRangeStopsTheStart(String variable, String value, String rule) {
    assertRefused(Map.of(variable, value), variable + ' ' + rule);
  }

  /** Another way to say it is no reason not to name the variable. */
  @Test
  void theLineIsOneAndNamesTheVariableOfAProperty() {
    assertRefused(
        Map.of("portico.listener.header-timeout", "ten\nseconds"),
        "PORTICO_HEADER_TIMEOUT must be a duration as 10s, and is \"ten seconds\"");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "otel.sdk.disabled,flase,`OTEL_SDK_DISABLED must be true or false, and is \"flase\"`",
        "otel.exporter.otlp.protocol,grpc,"
            + "`OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, and is \"grpc\"`",
        "otel.exporter.otlp.traces.endpoint,collector:4318,"
            + "`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must be a URL as http://localhost:4318,"
            + " and is \"collector:4318\"`",
      })
  void soItIsWithOpenTelemetrysSettings(String property, String value, String line) {
    assertRefused(
        Map.of("otel.exporter.otlp.endpoint", "http://127.0.0.1:1", property, value), line);
  }

  @Test
  void aPortThatIsInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      for (String variable : List.of("PORTICO_HTTP_PORT", "PORTICO_MANAGEMENT_PORT")) {
        Map<String, Object> settings =
            new HashMap<>(Map.of("PORTICO_HTTP_PORT", "0", "PORTICO_MANAGEMENT_PORT", "-1"));
        settings.put(variable, port);
        assertThatThrownBy(() -> GatewayService.start(settings).close())
            .isInstanceOf(StartException.class)
            .hasMessageStartingWith("Cannot listen on port %s (%s)".formatted(port, variable));
      }
    }
  }

  @Test
  void aSettingOfTracesThatCannotBeUnderstoodStopsTheStart() {
    Map<String, Object> settings =
        Map.of(
            "PORTICO_MANAGEMENT_PORT",
            "-1",
            "otel.exporter.otlp.endpoint",
            "http://127.0.0.1:1",
            "otel.bsp.schedule.delay",
            "soon");
    assertThatThrownBy(() -> GatewayService.start(settings).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("OTEL_BSP_SCHEDULE_DELAY")
        .hasMessageContaining("soon");
  }

  @Test
  void documentedVariablesAreThoseThatAreRead() throws IOException {
    Path page = Path.of(System.getProperty("portico.root"), "docs/gateway-service.md");
    Set<String> documented = new TreeSet<>();
    Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("| `PORTICO_"))
        .forEach(
            line ->
                Pattern.compile("PORTICO_[A-Z0-9_]+")
                    .matcher(line.substring(0, line.indexOf('|', 1)))
                    .results()
                    .forEach(name -> documented.add(name.group())));
    Set<String> read = new TreeSet<>(variables().keySet());
    read.addAll(Set.of("PORTICO_LOG_FORMAT", "PORTICO_LOG_LEVEL"));
    assertThat(documented).isEqualTo(read);
  }

  @Test
  void badValuesStopTheStart() {
    for (Map<String, Object> settings :
        List.<Map<String, Object>>of(
            Map.of("portico.listener.http-port", "70000"),
            Map.of("portico.listener.transport", "kqueue"),
            Map.of("portico.listener.public-https-port", "65536"),
            Map.of("portico.listener.header-timeout", "0s"),
            Map.of("portico.listener.shutdown-delay", "11s"),
            Map.of("portico.listener.max-connections-per-client", "-1"),
            Map.of("portico.http2.window", "500ms"),
            Map.of("portico.tls.certificate", "only.pem"),
            Map.of("portico.origin.auth-api", "https://a/path"),
            Map.of("portico.session.auth-internal", "auth-service"),
            Map.of("portico.session.grace", "61m"),
            Map.of("portico.session.cache-size", "-1"),
            Map.of("portico.cognito.issuer", "https://pool"),
            Map.of(
                "portico.cognito.issuer",
                "https://pool",
                "portico.cognito.jwks-url",
                "https://pool/keys"),
            Map.of("portico.cognito.clock-skew", "6m"),
            Map.of("portico.response-cache.size", "1KB"),
            Map.of("portico.csp-reports.interval", "0s"),
            Map.of("portico.warm-up.size", "-1"),
            Map.of("portico.warm-up.timeout", "0s"),
            Map.of("portico.warm-up.interval", "0s"),
            Map.of("portico.observe.metrics-log-interval", "-1s"),
            Map.of("portico.origin.allowed-inner", "10.0.0.0/33"),
            Map.of("portico.origin.authorities", "/no/such/file.pem"),
            Map.of("portico.origin.name-servers", "ns.example.org"))) {
      assertThatThrownBy(() -> GatewayService.start(settings).close())
          .as(settings.toString())
          .isInstanceOf(RuntimeException.class);
    }
  }
}
