package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.exchange.ViewerFact;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An origin request policy in a snapshot while its fields arrive. */
final class OriginRequestPolicyJson implements ContractJson.Field {
  private @Nullable String id;
  private KeySelection headers = KeySelection.NONE;
  private KeySelection cookies = KeySelection.NONE;
  private KeySelection query = KeySelection.NONE;
  private final Set<ViewerFact> facts = EnumSet.noneOf(ViewerFact.class);

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> id = ContractJson.text(json);
      case "headers" -> headers = CachePolicyJson.readSelection(json);
      case "cookies" -> cookies = CachePolicyJson.readSelection(json);
      case "query" -> query = CachePolicyJson.readSelection(json);
      case "viewerFacts" -> ContractJson.array(json, () -> addFact(json.getText()));
      default -> json.skipChildren();
    }
  }

  /** One that a later release knows is left out. */
  private void addFact(String name) {
    ViewerFact fact = ViewerFact.named(name);
    if (fact != null) {
      facts.add(fact);
    }
  }

  /** What was read. */
  OriginRequestPolicy finish() throws IOException {
    return new OriginRequestPolicy(
        SettingsJson.present(id, "an origin request policy's id"), headers, cookies, query, facts);
  }
}
