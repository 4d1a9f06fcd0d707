package dev.portico.aws.findings;

/**
 * A finding of cdk-nag that stays.
 *
 * @param resource path of the one construct that it is about
 * @param rule of AwsSolutions
 * @param about what of it; empty: all that the rule finds there
 * @param evidence why it may stay, and what holds that
 */
public record Finding(String resource, String rule, String about, String evidence) {}
