package dev.portico.content.settings;

import dev.portico.content.settings.ResponseHeadersPolicy.CustomHeader;
import dev.portico.content.settings.ResponseHeadersPolicy.ServerTiming;
import dev.portico.content.settings.ResponseSecurityHeaders.ContentTypeOptions;
import dev.portico.content.settings.ResponseSecurityHeaders.StrictTransportSecurity;
import dev.portico.content.settings.ResponseSecurityHeaders.Valued;
import dev.portico.content.settings.ResponseSecurityHeaders.XssProtection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** Reads response headers policies. */
final class ResponseHeadersPolicyReader {
  static final List<String> FRAME_OPTIONS = List.of("DENY", "SAMEORIGIN");

  static final List<String> REFERRER_POLICIES =
      List.of(
          "no-referrer",
          "no-referrer-when-downgrade",
          "origin",
          "origin-when-cross-origin",
          "same-origin",
          "strict-origin",
          "strict-origin-when-cross-origin",
          "unsafe-url");

  private static final String OVERRIDE = "override";
  private static final long YEAR = 31_536_000;

  private ResponseHeadersPolicyReader() {}

  static ResponseHeadersPolicy read(Fields fields) {
    String id = OriginReader.id(fields, "id");
    if (ManagedResponsePolicies.find(id).isPresent()) {
      fields.fault("id", "is that of a managed response headers policy of CloudFront");
    }
    return new ResponseHeadersPolicy(
        id,
        fields.object("securityHeaders", ResponseHeadersPolicyReader::security),
        fields.object("cors", CorsReader::read),
        custom(fields),
        remove(fields),
        fields.objectOrDefaults("serverTiming", ResponseHeadersPolicyReader::timing));
  }

  private static ResponseSecurityHeaders security(Fields fields) {
    return new ResponseSecurityHeaders(
        fields.object("contentSecurityPolicy", ResponseHeadersPolicyReader::contentSecurity),
        fields.object(
            "contentTypeOptions", each -> new ContentTypeOptions(each.flag(OVERRIDE, true))),
        fields.object("frameOptions", each -> oneOf(each, FRAME_OPTIONS)),
        fields.object("referrerPolicy", each -> oneOf(each, REFERRER_POLICIES)),
        fields.object("strictTransportSecurity", ResponseHeadersPolicyReader::transport),
        fields.object("xssProtection", ResponseHeadersPolicyReader::xss));
  }

  private static Valued contentSecurity(Fields fields) {
    String value = fields.required("value");
    fields.refuse("value", value.isEmpty() ? null : HeaderRules.valueRefusal(value));
    return new Valued(value, fields.flag(OVERRIDE, true));
  }

  private static Valued oneOf(Fields fields, List<String> words) {
    String value = fields.required("value");
    if (!value.isEmpty() && !words.contains(value)) {
      fields.fault("value", "must be one of " + String.join(", ", words));
    }
    return new Valued(value, fields.flag(OVERRIDE, true));
  }

  private static StrictTransportSecurity transport(Fields fields) {
    return new StrictTransportSecurity(
        fields.wholeLong("maxAgeSeconds", YEAR, Limits.TRANSPORT_SECONDS),
        fields.flag("includeSubdomains", false),
        fields.flag("preload", false),
        fields.flag(OVERRIDE, true));
  }

  private static XssProtection xss(Fields fields) {
    boolean protection = fields.flag("protection", true);
    boolean block = fields.flag("modeBlock", false);
    String report = fields.text("reportUri");
    if (block && report != null) {
      fields.fault("reportUri", "cannot be together with modeBlock");
    }
    if (!protection && block) {
      fields.fault("modeBlock", "needs protection");
    }
    if (report != null) {
      fields.refuse(
          "reportUri", protection ? HeaderRules.valueRefusal(report) : "needs protection");
    }
    return new XssProtection(protection, block, report, fields.flag(OVERRIDE, true));
  }

  private static List<CustomHeader> custom(Fields fields) {
    var names = new HashSet<String>();
    List<CustomHeader> read =
        fields.objects(
            "custom",
            Limits.RESPONSE_HEADERS,
            header -> {
              String name = header.required("name");
              String text = header.text("value");
              String value = text == null ? "" : text;
              header.refuse(
                  "name", name.isEmpty() ? null : ResponseHeaderRules.customRefusal(name));
              header.refuse("value", HeaderRules.valueOrEmptyRefusal(value));
              if (!name.isEmpty() && !names.add(name.toLowerCase(Locale.ROOT))) {
                header.fault("name", "is there twice");
              }
              return new CustomHeader(name, value, header.flag(OVERRIDE, true));
            });
    int characters =
        read.stream().mapToInt(each -> each.name().length() + each.value().length()).sum();
    if (characters > Limits.RESPONSE_HEADER_CHARACTERS) {
      fields.fault(
          "custom",
          "has names and values of "
              + characters
              + " characters, more than "
              + Limits.RESPONSE_HEADER_CHARACTERS);
    }
    return read;
  }

  private static List<String> remove(Fields fields) {
    List<String> names = fields.texts("remove", List.of(), Limits.REMOVED_HEADERS);
    var seen = new HashSet<String>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      fields.refuse("remove[" + i + ']', ResponseHeaderRules.removalRefusal(name));
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        fields.fault("remove[" + i + ']', "is there twice");
      }
    }
    return names;
  }

  private static ServerTiming timing(Fields fields) {
    return new ServerTiming(
        fields.flag("enabled", false), fields.percentage("samplingRate", Limits.SAMPLING_DECIMALS));
  }
}
