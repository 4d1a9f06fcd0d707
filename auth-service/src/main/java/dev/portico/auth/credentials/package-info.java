/**
 * Temporary AWS credentials for signed-in users, from an identity pool, where one is configured.
 */
@NullMarked
package dev.portico.auth.credentials;

import org.jspecify.annotations.NullMarked;
