/**
 * Deployments: publishing them as an archive or by digests, sealing, activating, listing,
 * downloading, deleting, and forgetting them in time. A deployment's facts are in DynamoDB, its
 * manifest in S3 beside the blobs it names.
 */
@NullMarked
package dev.portico.content.deployment;

import org.jspecify.annotations.NullMarked;
