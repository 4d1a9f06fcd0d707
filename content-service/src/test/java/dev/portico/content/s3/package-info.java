/** Buckets over clients that tests control. */
@NullMarked
package dev.portico.content.s3;

import org.jspecify.annotations.NullMarked;
