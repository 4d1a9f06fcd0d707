/**
 * Starts AWS's DynamoDB Local and S3Proxy, each unmodified and as a process of its own, for tests
 * and for the local launcher, and prepares the table and the bucket in them.
 */
@NullMarked
package dev.portico.standins.aws;

import org.jspecify.annotations.NullMarked;
