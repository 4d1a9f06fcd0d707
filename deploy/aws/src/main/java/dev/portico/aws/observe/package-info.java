/**
 * What tells operators how it goes: metrics taken from the logs, the dashboard, and alarms that
 * each have a page in docs/runbooks.
 */
@NullMarked
package dev.portico.aws.observe;

import org.jspecify.annotations.NullMarked;
