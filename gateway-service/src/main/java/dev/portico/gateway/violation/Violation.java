package dev.portico.gateway.violation;

/**
 * What was violated. The texts are printable ASCII without spaces, as browsers write addresses, and
 * of a bounded length.
 *
 * @param disposition whether the policy holds: {@code enforce}, {@code report}, or {@code unknown}
 *     from browsers that do not say
 * @param directive the directive that forbids it, such as {@code script-src-elem}
 * @param blocked what was forbidden: a keyword like {@code inline}, a scheme, or an origin
 * @param path of the page, without query; empty for a page without an address on the web
 */
public record Violation(String disposition, String directive, String blocked, String path) {}
