package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * Keys of which each may have signed a request, so that one can be replaced by another without a
 * moment at which neither is good.
 *
 * @param id its name in this document
 * @param publicKeys ids of the keys
 */
@Serdeable
@Schema(name = "KeyGroup")
public record AccessKeyGroup(String id, List<String> publicKeys) {
  /** Keeps an unmodifiable copy. */
  public AccessKeyGroup {
    publicKeys = List.copyOf(publicKeys);
  }
}
