/**
 * auth-service's internal port, as this service asks it: where it is, the secret that is shown
 * there, and what bounds an answer. Knows nothing of what is asked.
 */
@NullMarked
package dev.portico.content.auth;

import org.jspecify.annotations.NullMarked;
