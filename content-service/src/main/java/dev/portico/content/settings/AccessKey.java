package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A key by which signatures of requests are checked.
 *
 * @param id by which requests name it ({@code Key-Pair-Id})
 * @param key in PEM ({@code BEGIN PUBLIC KEY}): RSA of 2048 to 4096 bits, or ECDSA on P-256
 */
@Serdeable
@Schema(name = "PublicKey")
public record AccessKey(String id, String key) {}
