/**
 * The adapter to S3: the only code that knows the AWS S3 client. It offers the few operations that
 * Portico relies on, with known lengths, ranges and conditions, and nothing more.
 */
@NullMarked
package dev.portico.content.s3;

import org.jspecify.annotations.NullMarked;
