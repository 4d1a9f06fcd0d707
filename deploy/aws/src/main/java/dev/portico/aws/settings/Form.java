package dev.portico.aws.settings;

import java.util.regex.Pattern;

/** What texts may look like. */
enum Form {
  STACK(
      "(?=.{2,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
      "must be 2 to 20 lower-case letters and digits, with single hyphens between them"),
  ACCOUNT("[0-9]{12}", "must be an AWS account: 12 digits in quotation marks"),
  /** Names of services, ARNs and the pool's pages are those of the partition {@code aws}. */
  REGION(
      "(?!cn-)[a-z]{2}-(central|(north|south)?(east|west)|north|south)-[1-9]",
      "must be a region such as eu-central-1; those of China, GovCloud and other partitions than"
          + " aws have other names of services"),
  DOMAIN(
      "(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}",
      "must be a domain in lower-case letters, such as example.com"),
  ZONE("Z[A-Z0-9]{5,31}", "must be the id of a Route 53 hosted zone, such as Z0123456789ABC"),
  TAG("[0-9a-f]{40}(-changed)?|[0-9A-Za-z][0-9A-Za-z._-]{0,127}", "must be an image's tag"),
  CIDR(
      "(10\\.%1$s|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\.%1$s\\.%1$s/(1[6-9]|2[0-2])"
          .formatted("(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"),
      "must be a private network of 16 to 22 bits, such as 10.20.0.0/16"),
  COGNITO_PREFIX(
      "(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
      "must be lower-case letters, digits and hyphens, without aws, amazon or cognito"),
  PROVIDER(
      "[\\p{L}\\p{N} .@:_-]{1,32}",
      "must be the name of an identity provider of the pool: 1 to 32 letters, digits, spaces and"
          + " . @ : _ -"),
  CLIENT("[\\w+]{1,128}", "must be the id of an app client: 1 to 128 letters, digits, + and _"),
  URL(
      "https://[a-zA-Z0-9.-]*[a-zA-Z0-9](:[0-9]+)?(/[^\\s#*]*)?|http://localhost(:[0-9]+)?/[^\\s#*]*",
      "must be an https URL, without # and *"),
  MAIL("[^@\\s]+@[^@\\s]+\\.[^@\\s]+", "must be an e-mail address"),
  CERTIFICATE(
      "arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}",
      "must be the ARN of an ACM certificate"),
  CERTIFICATE_FOR_CLOUDFRONT(
      "arn:aws:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}",
      "must be the ARN of an ACM certificate in us-east-1, which CloudFront needs"),
  PORT(
      "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]",
      "must be a TCP port in quotation marks"),
  PREFIX_LIST("pl-[0-9a-f]{8,17}", "must be the id of a prefix list, such as pl-0123456789abcdef0");

  private final Pattern pattern;
  private final String expectation;

  Form(String pattern, String expectation) {
    this.pattern = Pattern.compile(pattern);
    this.expectation = expectation;
  }

  boolean accepts(String text) {
    return pattern.matcher(text).matches();
  }

  String expectation() {
    return expectation;
  }
}
