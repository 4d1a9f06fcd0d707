package dev.portico.content.deployment.rules;

/**
 * One thing wrong with a file of rules.
 *
 * @param file its name, such as {@code _redirects}
 * @param line the number of the line, from 1
 * @param reason what, in words for the publisher
 */
public record RuleFault(String file, int line, String reason) {
  /** {@code file:line}, as compilers write it. */
  public String place() {
    return file + ":" + line;
  }
}
