/**
 * Traces of what leaves the gateway: how long a request took, and each question to an origin or a
 * service on its behalf, told to a collector by OpenTelemetry's protocol (docs/tracing.md). Off
 * until a collector is named; then nothing of OpenTelemetry is even loaded.
 */
@NullMarked
package dev.portico.gateway.trace;

import org.jspecify.annotations.NullMarked;
