package dev.portico.aws.edge;

/** Where the services listen: the defaults of their settings. */
enum Port {
  GATEWAY("http", 8080),
  GATEWAY_MANAGEMENT("management", 8087),
  CONTENT_API("content-api", 8081),
  CONTENT_INTERNAL("content-internal", 8082),
  CONTENT_MANAGEMENT("management", 8083),
  AUTH_API("auth-api", 8084),
  AUTH_INTERNAL("auth-internal", 8085),
  AUTH_MANAGEMENT("management", 8086);

  private final String title;
  private final int number;

  Port(String title, int number) {
    this.title = title;
    this.number = number;
  }

  /** What Service Connect calls it. */
  String title() {
    return title;
  }

  int number() {
    return number;
  }

  /** Its address for other services. */
  String at(String host) {
    return "http://" + host + ":" + number;
  }
}
