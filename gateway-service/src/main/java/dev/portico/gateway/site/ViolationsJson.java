package dev.portico.gateway.site;

import dev.portico.gateway.violation.Violation;
import dev.portico.gateway.violation.ViolationCount;
import java.util.List;

/** Writes deploy/contracts/csp-reports.json. */
final class ViolationsJson {
  private ViolationsJson() {}

  static byte[] batch(String gateway, long number, List<ViolationCount> counts) {
    return ContractJson.written(
        json -> {
          json.writeStringField("gateway", gateway);
          json.writeNumberField("number", number);
          json.writeArrayFieldStart("counts");
          for (ViolationCount count : counts) {
            json.writeStartObject();
            json.writeStringField("site", count.site());
            Violation violation = count.violation();
            if (violation != null) {
              json.writeStringField("disposition", violation.disposition());
              json.writeStringField("directive", violation.directive());
              json.writeStringField("blocked", violation.blocked());
              json.writeStringField("path", violation.path());
            }
            json.writeNumberField("count", count.count());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
