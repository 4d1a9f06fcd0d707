package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code _redirects}: {@code from [name=value …] [to] [status][!] [Condition=value …]}, as
 * Netlify's redirect-parser does, but for the conditions that are not known here.
 */
final class RedirectsFile {
  private static final String FILE = "_redirects";
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern STATUS = Pattern.compile("([0-9]{1,9})?(!)?");
  private static final int DEFAULT_STATUS = 301;

  private final RuleFaults faults;
  private final List<RedirectRule> rules = new ArrayList<>();

  private RedirectsFile(RuleFaults faults) {
    this.faults = faults;
  }

  static List<RedirectRule> parse(byte[] bytes, RuleFaults faults) {
    RedirectsFile file = new RedirectsFile(faults);
    for (RuleFile.Line line : RuleFile.lines(FILE, bytes, faults)) {
      if (file.rules.size() == RuleLimits.REDIRECTS) {
        faults.add(FILE, line.number(), "more than " + RuleLimits.REDIRECTS + " rules");
        break;
      }
      file.add(line);
    }
    return file.rules;
  }

  private void add(RuleFile.Line line) {
    try {
      rules.add(rule(line));
    } catch (RuleRejected e) {
      faults.add(FILE, line.number(), e.reason());
    }
  }

  private static RedirectRule rule(RuleFile.Line line) {
    List<String> tokens = tokens(line.text());
    RedirectSource source = RedirectSource.of(tokens.getFirst());
    if (tokens.size() == 1) {
      throw new RuleRejected("a destination is missing: a path or URL after the path");
    }
    int at = 1;
    if (!isStatus(tokens.get(at))) {
      while (at < tokens.size() && !isDestination(tokens.get(at))) {
        source.addParameter(tokens.get(at++));
      }
      if (at == tokens.size()) {
        throw new RuleRejected(
            "the destination must start with \"/\", \"http://\" or \"https://\"");
      }
    }
    String to = isDestination(tokens.get(at)) ? tokens.get(at++) : null;
    int status = DEFAULT_STATUS;
    boolean implied = true;
    boolean force = false;
    if (at < tokens.size()) {
      Matcher matcher = STATUS.matcher(tokens.get(at));
      if (!matcher.matches()) {
        throw new RuleRejected(
            quoted(tokens.get(at)) + " is not a status; conditions stand after the status");
      }
      at++;
      implied = matcher.group(1) == null;
      status = implied ? DEFAULT_STATUS : Integer.parseInt(matcher.group(1));
      force = matcher.group(2) != null;
    }
    RedirectConditions conditions = new RedirectConditions();
    for (String token : tokens.subList(at, tokens.size())) {
      conditions.add(token);
    }
    return new RedirectRule(
        line.number(),
        source.scheme(),
        source.host(),
        source.path(),
        source.query(),
        RedirectTarget.of(to, status, source),
        status,
        implied,
        force,
        conditions.languages(),
        conditions.cookies(),
        conditions.roles(),
        conditions.contexts());
  }

  /** Up to a token that starts a comment. */
  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    for (String token : SPACE.split(text, -1)) {
      if (token.startsWith("#")) {
        break;
      }
      tokens.add(token);
    }
    return tokens;
  }

  private static boolean isDestination(String token) {
    return token.startsWith("/") || RulePaths.isUrl(token);
  }

  private static boolean isStatus(String token) {
    return token.matches("[0-9]{1,9}!?");
  }
}
