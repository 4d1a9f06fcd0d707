/**
 * Cognito's hosted login in place of Portico's sign-in pages: leads browsers there, and makes a
 * sign-in of the code that they bring back. All of it is there only where a domain is configured.
 */
@NullMarked
package dev.portico.auth.hosted;

import org.jspecify.annotations.NullMarked;
