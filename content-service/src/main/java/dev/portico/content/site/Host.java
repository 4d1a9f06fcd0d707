package dev.portico.content.site;

import dev.portico.content.conditional.EntityTag;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host name of a site.
 *
 * @param host in lower case, as A-labels
 * @param state {@code pending} until the TXT record is seen, then {@code active}
 * @param txtName where the record must be; null for a host that needs none
 * @param txtValue what it must hold
 */
@Serdeable
public record Host(String host, String state, @Nullable String txtName, @Nullable String txtValue) {
  /** Its ETag: each claim has a TXT record of its own. */
  String tag() {
    return txtValue == null ? EntityTag.of(state) : EntityTag.of(state, txtValue);
  }

  /**
   * A page.
   *
   * @param items by name
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "HostPage")
  public record HostPage(List<Host> items, @Nullable String next) {}
}
