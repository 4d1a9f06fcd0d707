package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.control.AddressBlocks;
import dev.portico.gateway.control.BlockedPath;
import dev.portico.gateway.control.Controls;
import dev.portico.gateway.control.Maintenance;
import dev.portico.gateway.origin.address.Cidr;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.PathPattern;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** deploy/contracts/controls.json while its fields arrive. */
final class ControlsJson implements ContractJson.Field {
  private long version = -1;
  private final Map<Cidr, Instant> addresses = new HashMap<>();
  private final Map<String, Maintenance> maintenance = new HashMap<>();
  private final Map<String, List<BlockedPath>> paths = new HashMap<>();

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "version" -> version = json.getLongValue();
      case "blockedAddresses" ->
          ContractJson.array(
              json,
              () -> {
                Entry entry = Entry.read(json);
                addresses.put(Cidr.parse(entry.required("block")), entry.until());
              });
      case "maintenance" ->
          ContractJson.array(
              json,
              () -> {
                Entry entry = Entry.read(json);
                maintenance.put(entry.required("site"), entry.maintenance());
              });
      case "blockedPaths" ->
          ContractJson.array(
              json,
              () -> {
                Entry entry = Entry.read(json);
                paths
                    .computeIfAbsent(entry.required("site"), site -> new ArrayList<>())
                    .add(new BlockedPath(PathPattern.of(entry.required("pattern")), entry.until()));
              });
      default -> json.skipChildren();
    }
  }

  /** What was read. */
  Controls finish() throws IOException {
    if (version < 0) {
      throw new IOException("controls without a version");
    }
    return new Controls(version, AddressBlocks.of(addresses), maintenance, paths);
  }

  /** An entry of any kind. */
  private static final class Entry implements ContractJson.Field {
    private final Map<String, String> texts = new HashMap<>();
    private final Map<Cidr, Instant> exempt = new HashMap<>();
    private int retryAfterSeconds;

    static Entry read(JsonParser json) throws IOException {
      Entry entry = new Entry();
      ContractJson.object(json, entry);
      return entry;
    }

    @Override
    public void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "block", "site", "pattern", "page", "until" -> {
          String text = ContractJson.text(json);
          if (text != null) {
            texts.put(name, text);
          }
        }
        case "retryAfterSeconds" -> retryAfterSeconds = json.getIntValue();
        case "exemptAddresses" ->
            ContractJson.array(json, () -> exempt.put(Cidr.parse(json.getText()), Instant.MAX));
        default -> json.skipChildren();
      }
    }

    private String required(String name) throws IOException {
      String text = texts.get(name);
      if (text == null) {
        throw new IOException("an entry of the controls without " + name);
      }
      return text;
    }

    private Instant until() throws IOException {
      @Nullable String text = texts.get("until");
      try {
        return text == null ? Instant.MAX : Instant.parse(text);
      } catch (DateTimeException e) {
        throw new IOException("an entry of the controls until " + text, e);
      }
    }

    private Maintenance maintenance() throws IOException {
      @Nullable String page = texts.get("page");
      return new Maintenance(
          until(),
          retryAfterSeconds,
          page == null ? null : Escapes.decode(page),
          AddressBlocks.of(exempt));
    }
  }
}
