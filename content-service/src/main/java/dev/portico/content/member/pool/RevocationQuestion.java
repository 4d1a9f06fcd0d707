package dev.portico.content.member.pool;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * deploy/contracts/auth-revocations-request.json.
 *
 * @param gateway the id of who asks, random at each start
 * @param after the position behind which revocations are asked for
 * @param mark what came with that position
 * @param waitMillis how long the answer may wait for one
 */
@Serdeable
record RevocationQuestion(String gateway, long after, @Nullable String mark, long waitMillis) {}
