/** User pools with their app clients and groups, and the operations on them. */
@NullMarked
package dev.portico.standins.cognito.pool;

import org.jspecify.annotations.NullMarked;
