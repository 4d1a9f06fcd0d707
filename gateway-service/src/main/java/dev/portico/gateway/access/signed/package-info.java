/**
 * Signed URLs and signed cookies in CloudFront's format: what of a request is a signature, what it
 * says, and what it is worth. Decides without asking anybody.
 */
@NullMarked
package dev.portico.gateway.access.signed;

import org.jspecify.annotations.NullMarked;
