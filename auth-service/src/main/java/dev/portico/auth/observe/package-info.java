/** What operators see of a request: its id and trace in every log line, and a line of its own. */
@NullMarked
package dev.portico.auth.observe;

import org.jspecify.annotations.NullMarked;
