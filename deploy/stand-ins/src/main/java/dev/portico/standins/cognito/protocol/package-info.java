/**
 * What is said over the wire: parameters, AWS's exceptions, and signatures (AWS SigV4). A leaf: it
 * knows nothing of pools and users.
 */
@NullMarked
package dev.portico.standins.cognito.protocol;

import org.jspecify.annotations.NullMarked;
