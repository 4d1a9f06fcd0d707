/**
 * The bytes of files, stored once under their SHA-256 whatever refers to them: storing while
 * streaming, looking up, reading, compressed variants, and collecting what nobody refers to any
 * more. Bytes live in S3, facts about them in DynamoDB.
 */
@NullMarked
package dev.portico.content.blob;

import org.jspecify.annotations.NullMarked;
