package dev.portico.content.site;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads TXT records with the JDK's DNS client. JNDI is known for running what a name leads to; here
 * the provider is fixed to DNS, which only returns text, and a name is always the challenge label
 * before a checked host name, never a URL.
 */
@Singleton
// BanJNDI: see above. JdkObsolete: JNDI asks for a Hashtable.
@SuppressWarnings({"BanJNDI", "JdkObsolete"})
final class TxtResolver {
  private static final Logger LOG = LoggerFactory.getLogger(TxtResolver.class);

  private final Hashtable<String, String> environment = new Hashtable<>();

  TxtResolver(SiteSettings settings) {
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    String server = settings.dnsServer();
    if (server != null && !server.isBlank()) {
      environment.put(Context.PROVIDER_URL, "dns://" + server + "/");
    }
    environment.put(
        "com.sun.jndi.dns.timeout.initial", Long.toString(settings.dnsTimeout().toMillis()));
    environment.put("com.sun.jndi.dns.timeout.retries", "2");
  }

  /** The values at this name; none when there are none or nobody answers. */
  List<String> values(String name) {
    try {
      var context = new InitialDirContext(environment);
      try {
        Attribute records = context.getAttributes(name, new String[] {"TXT"}).get("TXT");
        return records == null ? List.of() : values(records);
      } finally {
        context.close();
      }
    } catch (NameNotFoundException e) {
      return List.of();
    } catch (NamingException e) {
      LOG.info("TXT records of {} cannot be read: {}", name, e.toString());
      return List.of();
    }
  }

  private static List<String> values(Attribute records) throws NamingException {
    var values = new ArrayList<String>();
    NamingEnumeration<?> all = records.getAll();
    while (all.hasMore()) {
      String value = String.valueOf(all.next());
      boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
      values.add(quoted ? value.substring(1, value.length() - 1) : value);
    }
    return values;
  }
}
