/**
 * A local replacement of Amazon Cognito user pools that AWS's own clients accept. Start it with
 * {@link dev.portico.standins.cognito.CognitoStandIn}, in process for tests or by the program.
 */
@NullMarked
package dev.portico.standins.cognito;

import org.jspecify.annotations.NullMarked;
