package dev.portico.content.settings;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.util.List;

/**
 * What the operator allows all sites' origins. The gateway has the same setting and judges by it
 * after every resolution of a name.
 *
 * @param allowedInner blocks of inner addresses that origins may have, such as {@code 10.1.0.0/16}
 */
@Context
@ConfigurationProperties("portico.origins")
public record OriginsSettings(List<String> allowedInner) {
  /** Refuses what is no block of addresses, and keeps an unmodifiable copy. */
  public OriginsSettings {
    allowedInner =
        allowedInner.stream().map(String::strip).filter(block -> !block.isEmpty()).toList();
    try {
      allowedInner.forEach(AddressBlock::parse);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("PORTICO_ORIGIN_ALLOWED_INNER: " + e.getMessage(), e);
    }
  }

  InnerAddresses inner() {
    return new InnerAddresses(allowedInner.stream().map(AddressBlock::parse).toList());
  }
}
