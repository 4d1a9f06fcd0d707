/**
 * The only way to DynamoDB: one table with generic keys, seen as typed items, conditional writes,
 * transactions and cursors. Features never see the AWS SDK. The key design is docs/storage.md.
 */
@NullMarked
package dev.portico.content.dynamodb;

import org.jspecify.annotations.NullMarked;
