package dev.portico.content.settings;

import dev.portico.content.settings.AccessPolicy.Authorizer;
import dev.portico.content.settings.AccessPolicy.Claim;
import dev.portico.content.settings.AccessPolicy.ForwardedClaim;
import dev.portico.content.settings.AccessPolicy.Groups;
import dev.portico.content.settings.AccessPolicy.Password;
import dev.portico.content.settings.AccessPolicy.SignedRequests;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads access policies. */
final class AccessPolicyReader {
  static final List<String> ROLES = List.of("viewer", "publisher", "owner");
  static final List<String> CREDENTIALS = List.of("session", "bearer");

  /** OAuth scopes (RFC 6749 section 3.3), Cognito's groups and names of claims: no spaces. */
  private static final Pattern WORD = Pattern.compile("[!-~&&[^\"\\\\]]{1,256}");

  private static final Pattern GROUP =
      Pattern.compile("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]{1,128}", Pattern.UNICODE_CHARACTER_CLASS);

  private AccessPolicyReader() {}

  static AccessPolicy read(Fields fields) {
    String id = OriginReader.id(fields, "id");
    List<String> exempt = addresses(fields, "exemptAddresses");
    List<String> required = addresses(fields, "requiredAddresses");
    Password password = fields.object("password", AccessPolicyReader::password);
    SignedRequests signed = fields.object("signedRequests", AccessPolicyReader::signedRequests);
    Authorizer authorizer = fields.object("authorizer", AccessPolicyReader::authorizer);
    boolean signedIn = fields.flag("signedIn", false);
    Groups groups = fields.object("groups", AccessPolicyReader::groups);
    String member = member(fields);
    List<Claim> claims = fields.objects("claims", Limits.ACCESS_CLAIMS, AccessPolicyReader::claim);
    List<String> scopes = words(fields, "scopes", Limits.ACCESS_SCOPES);
    boolean accounts =
        signedIn || groups != null || member != null || !claims.isEmpty() || !scopes.isEmpty();
    List<String> credentials = credentials(fields);
    List<ForwardedClaim> forwarded = forwardClaims(fields);
    boolean identityToken = fields.flag("identityToken", true);
    if (!accounts
        && required.isEmpty()
        && password == null
        && signed == null
        && authorizer == null) {
      fields.fault("id", "is of a policy that lets in everyone: it names nothing that must hold");
    }
    if (!accounts && !forwarded.isEmpty()) {
      fields.fault("forwardClaims", "needs signedIn, groups, member, claims or scopes");
    }
    return new AccessPolicy(
        id,
        exempt,
        required,
        password,
        signed,
        authorizer,
        accounts,
        groups,
        member,
        claims,
        scopes,
        credentials,
        forwarded,
        identityToken);
  }

  private static List<String> addresses(Fields fields, String name) {
    List<String> given = fields.texts(name, List.of(), Limits.ACCESS_ADDRESSES);
    for (int i = 0; i < given.size(); i++) {
      try {
        AddressBlock.parse(given.get(i));
      } catch (IllegalArgumentException e) {
        fields.fault(
            name + '[' + i + ']',
            "must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32, without bits"
                + " beyond its prefix");
      }
    }
    return given;
  }

  private static Password password(Fields fields) {
    String value = fields.text("value");
    if (value != null
        && (value.length() < Limits.PASSWORD_LEAST || value.length() > Limits.PASSWORD_MOST)) {
      fields.fault(
          "value",
          "must be " + Limits.PASSWORD_LEAST + " to " + Limits.PASSWORD_MOST + " characters");
    }
    return new Password(
        value,
        fields.wholeLong(
            "rememberSeconds", Limits.PASSWORD_REMEMBERED_DEFAULT, Limits.PASSWORD_REMEMBERED));
  }

  private static SignedRequests signedRequests(Fields fields) {
    List<String> groups = fields.texts("keyGroups", List.of(), Limits.KEY_GROUPS);
    if (groups.isEmpty()) {
      fields.fault("keyGroups", "must name a key group");
    }
    return new SignedRequests(groups);
  }

  private static Authorizer authorizer(Fields fields) {
    String origin = fields.required("origin");
    String path = fields.required("path");
    if (!path.isEmpty()) {
      OriginReader.checkPath(fields, "path", path, true);
    }
    List<String> forwarded = fields.texts("forwardHeaders", List.of(), Limits.AUTHORIZER_HEADERS);
    for (int i = 0; i < forwarded.size(); i++) {
      String lower = forwarded.get(i).toLowerCase(Locale.ROOT);
      // Unlike an origin's answers, an authorizer's are shared with nobody.
      boolean credentials = lower.equals("authorization") || lower.equals("cookie");
      fields.refuse(
          "forwardHeaders[" + i + ']', credentials ? null : HeaderRules.forwardRefusal(lower));
    }
    List<String> context = fields.texts("contextHeaders", List.of(), Limits.AUTHORIZER_HEADERS);
    for (int i = 0; i < context.size(); i++) {
      fields.refuse("contextHeaders[" + i + ']', identityRefusal(context.get(i)));
    }
    return new Authorizer(
        origin,
        path,
        fields.whole("cacheSeconds", 0, Limits.AUTHORIZER_SECONDS),
        forwarded,
        context);
  }

  private static Groups groups(Fields fields) {
    Groups groups = new Groups(groups(fields, "any"), groups(fields, "all"));
    if (groups.any().isEmpty() && groups.all().isEmpty()) {
      fields.fault("any", "or all must name a group");
    }
    return groups;
  }

  private static List<String> groups(Fields fields, String name) {
    List<String> given = fields.texts(name, List.of(), Limits.ACCESS_GROUPS);
    for (int i = 0; i < given.size(); i++) {
      if (!isGroup(given.get(i))) {
        fields.fault(name + '[' + i + ']', "is no name of a Cognito group");
      }
    }
    return given;
  }

  /** Whether a Cognito group can have this name. */
  static boolean isGroup(String name) {
    return GROUP.matcher(name).matches();
  }

  private static @Nullable String member(Fields fields) {
    String member = fields.text("member");
    if (member != null && !ROLES.contains(member)) {
      fields.fault("member", "must be one of " + String.join(", ", ROLES));
    }
    return member;
  }

  private static Claim claim(Fields fields) {
    String name = fields.required("name");
    if (!name.isEmpty() && !WORD.matcher(name).matches()) {
      fields.fault("name", "is no name of a claim");
    }
    List<String> values = fields.texts("values", List.of(), Limits.ACCESS_CLAIM_VALUES);
    if (values.isEmpty()) {
      fields.fault("values", "must name a value");
    }
    return new Claim(name, values);
  }

  private static List<String> words(Fields fields, String name, int most) {
    List<String> given = fields.texts(name, List.of(), most);
    for (int i = 0; i < given.size(); i++) {
      if (!WORD.matcher(given.get(i)).matches()) {
        fields.fault(name + '[' + i + ']', "must be visible ASCII characters without quotes");
      }
    }
    return given;
  }

  private static List<String> credentials(Fields fields) {
    List<String> given = fields.texts("credentials", CREDENTIALS, CREDENTIALS.size());
    for (int i = 0; i < given.size(); i++) {
      if (!CREDENTIALS.contains(given.get(i))) {
        fields.fault("credentials[" + i + ']', "must be one of " + String.join(", ", CREDENTIALS));
      }
    }
    // Clients that are generated from the API's description send an empty list for an absent one.
    return given.isEmpty() ? CREDENTIALS : given;
  }

  private static List<ForwardedClaim> forwardClaims(Fields fields) {
    var headers = new HashSet<String>();
    return fields.objects(
        "forwardClaims",
        Limits.ACCESS_CLAIMS,
        each -> {
          String claim = each.required("claim");
          String header = each.required("header");
          if (!claim.isEmpty() && !WORD.matcher(claim).matches()) {
            each.fault("claim", "is no name of a claim");
          }
          each.refuse("header", header.isEmpty() ? null : identityRefusal(header));
          if (!header.isEmpty() && !headers.add(header.toLowerCase(Locale.ROOT))) {
            each.fault("header", "is there twice");
          }
          return new ForwardedClaim(claim, header);
        });
  }

  /** Why a field cannot tell origins who a request is from; null when it can. */
  private static @Nullable String identityRefusal(String name) {
    boolean viewers = name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("accept");
    return viewers ? "cannot be set: it is the viewer's own" : HeaderRules.refusal(name);
  }
}
