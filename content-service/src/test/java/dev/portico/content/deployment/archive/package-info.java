/** Archives built in the tests: friendly, odd, hostile and damaged ones. */
@NullMarked
package dev.portico.content.deployment.archive;

import org.jspecify.annotations.NullMarked;
