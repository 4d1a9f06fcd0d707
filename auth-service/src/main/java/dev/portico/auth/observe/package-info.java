/** What operators see of a request: its id and trace, in the answer and in every log line. */
@NullMarked
package dev.portico.auth.observe;

import org.jspecify.annotations.NullMarked;
