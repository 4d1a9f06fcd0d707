package dev.portico.auth.user;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who the caller is.
 *
 * @param sub the user's id, which never changes
 * @param username the pool's name of the user
 * @param email the address, if known
 * @param emailVerified whether the address was proven
 * @param attributes what else the pool knows of the user, by Cognito's names
 * @param mfa second factors that are in use, such as {@code SOFTWARE_TOKEN_MFA}
 * @param groups the groups at the time of the token, such as {@code publishers}
 */
@Serdeable
@Schema(name = "Me")
record Me(
    String sub,
    String username,
    @Nullable String email,
    boolean emailVerified,
    Map<String, String> attributes,
    List<String> mfa,
    List<String> groups) {}
