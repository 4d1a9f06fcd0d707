/** What signed-in people do with their own account, by their access token. */
@NullMarked
package dev.portico.standins.cognito.profile;

import org.jspecify.annotations.NullMarked;
