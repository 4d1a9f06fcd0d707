package dev.portico.content.deployment.csp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** What the files of a deployment load and run (HTML, sections 4.2, 4.8 and 4.12). */
public final class PageScan {
  /** Types of scripts that run, besides JavaScript's own; all others are data (section 4.12.1). */
  private static final Set<String> RUN =
      Set.of(
          "",
          "module",
          "importmap",
          "speculationrules",
          "text/javascript",
          "application/javascript",
          "application/ecmascript",
          "application/x-ecmascript",
          "application/x-javascript",
          "text/ecmascript",
          "text/jscript",
          "text/livescript",
          "text/x-ecmascript",
          "text/x-javascript");

  private static final Pattern JAVASCRIPT =
      Pattern.compile("(?i)[\\s\\p{Cntrl}]*javascript:.*", Pattern.DOTALL);
  private static final Pattern HANDLER = Pattern.compile("on[a-z]+");
  private static final Pattern DESCRIPTOR = Pattern.compile("^\\d+(\\.\\d+)?[wxh](,|$)");
  private static final Pattern CANDIDATE = Pattern.compile("[^\\s,]\\S*[^\\s,]|[^\\s,]");

  private final String path;
  private final PolicyBuilder into;
  // What a relative URL is relative to: the site, unless <base> says otherwise.
  private String base = Source.SELF;

  private PageScan(String path, PolicyBuilder into) {
    this.path = path;
    this.into = into;
  }

  /**
   * Looks at a page.
   *
   * @param html the caller closes it
   * @param charset as it is sent with the page, null for what the page says of itself
   * @throws IOException when it cannot be read
   */
  public static void page(
      InputStream html, @Nullable String charset, String path, PolicyBuilder into)
      throws IOException {
    Document document = Jsoup.parse(html, charset, "");
    into.page();
    PageScan scan = new PageScan(path, into);
    scan.base(document);
    for (Element element : document.getAllElements()) {
      scan.element(element);
    }
  }

  /** Looks at a style sheet. */
  public static void styleSheet(String css, String path, PolicyBuilder into) {
    into.styleSheet();
    StyleText.scan(css, path, into);
  }

  private void base(Document document) {
    Element first = document.selectFirst("base[href]");
    String source =
        first == null ? null : into.load(Directive.BASE, first.attr("href"), Source.SELF, path);
    if (source != null && !source.endsWith(":")) {
      base = source;
    }
  }

  private void element(Element element) {
    for (Attribute attribute : element.attributes()) {
      attribute(attribute.getKey().toLowerCase(Locale.ROOT), attribute.getValue());
    }
    switch (element.normalName()) {
      case "script" -> script(element);
      case "style" -> style(element);
      case "link" -> link(element);
      case "img", "input" -> image(element);
      case "image" -> load(Directive.IMAGE, href(element));
      case "video" -> {
        load(Directive.MEDIA, element.attr("src"));
        load(Directive.IMAGE, element.attr("poster"));
      }
      case "audio", "track" -> load(Directive.MEDIA, element.attr("src"));
      case "source" -> source(element);
      case "iframe", "frame" -> {
        load(Directive.FRAME, element.attr("src"));
        // It has the policy of the page that it is in.
        Jsoup.parse(element.attr("srcdoc")).getAllElements().forEach(this::element);
      }
      case "object" -> load(Directive.OBJECT, element.attr("data"));
      case "embed" -> load(Directive.OBJECT, element.attr("src"));
      case "form" -> load(Directive.FORM, element.attr("action"));
      case "button" -> load(Directive.FORM, element.attr("formaction"));
      case "meta" -> meta(element);
      default -> {}
    }
  }

  private void attribute(String name, String value) {
    if (HANDLER.matcher(name).matches()) {
      count(Finding.Kind.EVENT_HANDLER);
    } else if (name.equals("style")) {
      count(Finding.Kind.STYLE_ATTRIBUTE);
      into.need(Directive.STYLE_ATTRIBUTE, Source.UNSAFE_INLINE, path);
      StyleText.scan(value, path, into);
    } else if (JAVASCRIPT.matcher(value).matches() && isUrl(name)) {
      count(Finding.Kind.JAVASCRIPT_URL);
    }
  }

  private static boolean isUrl(String name) {
    return switch (name) {
      case "href", "xlink:href", "src", "action", "formaction", "data" -> true;
      default -> false;
    };
  }

  private void script(Element element) {
    String src = element.hasAttr("src") ? element.attr("src") : href(element);
    if (element.hasAttr("src") || !src.isEmpty()) {
      load(Directive.SCRIPT, src);
      return;
    }
    String type = element.attr("type").strip().toLowerCase(Locale.ROOT);
    String inline = text(element);
    if (RUN.contains(type) && !inline.isEmpty()) {
      into.need(Directive.SCRIPT, Source.hash(inline), path);
    }
  }

  private void style(Element element) {
    String inline = text(element);
    if (!inline.isEmpty()) {
      into.need(Directive.STYLE, Source.hash(inline), path);
      StyleText.scan(inline, path, into);
    }
  }

  /** All that stands between the tags, as it is; within SVG character references count. */
  private static String text(Element element) {
    StringBuilder text = new StringBuilder();
    boolean svg = element.tag().namespace().equals(Parser.NamespaceSvg);
    for (Node child : element.childNodes()) {
      if (child instanceof DataNode data) {
        String raw = data.getWholeData();
        text.append(svg ? Parser.unescapeEntities(raw, false) : raw);
      } else if (child instanceof TextNode plain) {
        text.append(plain.getWholeText());
      }
    }
    return text.toString();
  }

  private void link(Element element) {
    String href = element.attr("href");
    for (String rel : element.attr("rel").strip().toLowerCase(Locale.ROOT).split("\\s+", -1)) {
      switch (rel) {
        case "stylesheet" -> load(Directive.STYLE, href);
        case "icon", "apple-touch-icon", "mask-icon" -> load(Directive.IMAGE, href);
        case "manifest" -> load(Directive.MANIFEST, href);
        case "modulepreload" -> load(Directive.SCRIPT, href);
        case "preload" -> preload(element, href);
        default -> {}
      }
    }
  }

  private void preload(Element element, String href) {
    switch (element.attr("as").strip().toLowerCase(Locale.ROOT)) {
      case "script", "worker" -> load(Directive.SCRIPT, href);
      case "style" -> load(Directive.STYLE, href);
      case "font" -> load(Directive.FONT, href);
      case "image" -> {
        load(Directive.IMAGE, href);
        candidates(element.attr("imagesrcset"));
      }
      case "audio", "video", "track" -> load(Directive.MEDIA, href);
      default -> {}
    }
  }

  private void image(Element element) {
    load(Directive.IMAGE, element.attr("src"));
    candidates(element.attr("srcset"));
    load(Directive.FORM, element.attr("formaction"));
  }

  private void source(Element element) {
    Element parent = element.parent();
    if (parent != null && parent.normalName().equals("picture")) {
      candidates(element.attr("srcset"));
    } else {
      load(Directive.MEDIA, element.attr("src"));
    }
  }

  private void meta(Element element) {
    if (element.attr("http-equiv").strip().equalsIgnoreCase("content-security-policy")) {
      count(Finding.Kind.OWN_POLICY);
    }
  }

  private static String href(Element element) {
    return element.hasAttr("href") ? element.attr("href") : element.attr("xlink:href");
  }

  private void candidates(String srcset) {
    Matcher matcher = CANDIDATE.matcher(srcset);
    while (matcher.find()) {
      // "a.png 1x,b.png 2x" is allowed, too.
      load(Directive.IMAGE, DESCRIPTOR.matcher(matcher.group()).replaceFirst(""));
    }
  }

  private void load(Directive directive, String url) {
    into.load(directive, url, base, path);
  }

  private void count(Finding.Kind kind) {
    into.find(path, kind);
  }
}
