/**
 * The only way to DynamoDB: single items of the one table, conditional writes, small transactions.
 * Features never see the AWS SDK. The keys are listed in docs/storage.md.
 */
@NullMarked
package dev.portico.auth.dynamodb;

import org.jspecify.annotations.NullMarked;
