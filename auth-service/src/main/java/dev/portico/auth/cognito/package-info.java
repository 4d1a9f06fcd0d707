/**
 * The only package that talks to AWS: what the features need of the user pool, by the AWS SDK
 * against Amazon Cognito or a stand-in of it, which differ by the endpoint alone.
 */
@NullMarked
package dev.portico.auth.cognito;

import org.jspecify.annotations.NullMarked;
