package dev.portico.content.policy;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.settings.PolicyKind;
import dev.portico.content.settings.SharedPolicies;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which sites use which shared policies. Whatever changes what a site uses writes it in the same
 * transaction, and counts it at the policy, whose deletion needs the count to be nought.
 */
@Singleton
public class PolicyUses {
  /** At the item of a policy: how many sites use it. */
  static final String COUNT = "sites";

  /** At the item of a site: the policies that it uses. */
  private static final String USED = "policies";

  private static final String SITE = "SITE#";

  private final Table table;
  private final SharedPolicies policies;

  PolicyUses(Table table, SharedPolicies policies) {
    this.table = table;
    this.policies = policies;
  }

  /**
   * What a change of a site writes besides.
   *
   * @param change of the site's item, with what it uses noted
   * @param others to be made with it; each fails when a policy has gone meanwhile
   */
  public record Changed(Write.Update change, List<Write> others) {
    /** Keeps an unmodifiable copy. */
    public Changed {
      others = List.copyOf(others);
    }
  }

  /**
   * Notes what a site uses after a change.
   *
   * @param change of the site's item
   * @param name of the site
   * @param site its item before
   * @param named ids of shared policies that it names; what there is no policy of is not noted
   * @param required those of them that were there when the change was judged: where one has gone
   *     since, the change is refused, to be judged again
   */
  public Changed changed(
      Write.Update change, String name, Item site, Set<String> named, Set<String> required) {
    Set<String> before = new TreeSet<>(site.list(USED));
    Map<String, PolicyKind> found = named.isEmpty() ? Map.of() : policies.kinds(named);
    Set<String> after = new TreeSet<>(found.keySet());
    var others = new ArrayList<Write>();
    for (String id : required) {
      if (!after.contains(id) && !before.contains(id)) {
        others.add(Write.check(Policies.key(id), Condition.exists()));
      }
    }
    if (before.equals(after)) {
      return new Changed(change, others);
    }
    found.forEach(
        (id, kind) -> {
          if (!before.contains(id)) {
            others.add(Write.put(Item.at(use(id, name))));
            others.add(
                Write.update(Policies.key(id))
                    .add(COUNT, 1)
                    .when(Condition.equal(Policies.KIND, kind.text())));
          }
        });
    for (String id : before) {
      if (!after.contains(id)) {
        others.add(Write.delete(use(id, name)));
        others.add(Write.update(Policies.key(id)).add(COUNT, -1).when(Condition.exists()));
      }
    }
    return new Changed(change.setList(USED, after), others);
  }

  /**
   * Forgets what a site used that is being purged. May be repeated.
   *
   * @param site its item
   */
  public void purge(String name, Item site) {
    for (String id : site.list(USED)) {
      table.transact(
          List.of(
              Write.delete(use(id, name)).when(Condition.exists()),
              Write.update(Policies.key(id)).add(COUNT, -1).when(Condition.exists())));
    }
  }

  private static Key use(String id, String site) {
    return new Key("POLICY#" + id, SITE + site);
  }

  /** The sites that use a policy, by name. */
  static Query of(String id) {
    return Query.of("POLICY#" + id).prefix(SITE);
  }

  /** The site of an item of {@link #of}. */
  static String site(Item use) {
    return use.key().sk().substring(SITE.length());
  }
}
