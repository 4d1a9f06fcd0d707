/**
 * What must outlive everything else: facts, files, accounts, images, secrets. One construct for
 * each.
 */
@NullMarked
package dev.portico.aws.data;

import org.jspecify.annotations.NullMarked;
