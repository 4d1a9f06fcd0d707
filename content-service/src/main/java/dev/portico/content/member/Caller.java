package dev.portico.content.member;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Set;

/**
 * Who makes a call, as authenticated. A controller gets it by declaring a parameter of this type.
 */
@Schema(hidden = true)
public sealed interface Caller {
  /** What the audit log and deployments name: the sub, or {@code token:} and the token's id. */
  String id();

  /** The request's id. */
  String requestId();

  /** The address that the request comes from, as the gateway says. */
  String address();

  /** Whether the caller administers the whole platform. */
  default boolean admin() {
    return false;
  }

  /** Whether the caller may create sites. */
  default boolean mayCreateSites() {
    return false;
  }

  /**
   * A person with an access token of the pool.
   *
   * @param id Cognito's sub
   * @param username as in the token
   * @param groups of the pool
   * @param requestId the request's id
   * @param address that it comes from
   */
  record Person(String id, String username, Set<String> groups, String requestId, String address)
      implements Caller {
    /** Keeps an unmodifiable copy. */
    public Person {
      groups = Set.copyOf(groups);
    }

    @Override
    public boolean admin() {
      return groups.contains("admins");
    }

    @Override
    public boolean mayCreateSites() {
      return admin() || groups.contains("publishers");
    }
  }

  /**
   * A program with a deploy token.
   *
   * @param tokenId the token's id
   * @param site the only site it may touch
   * @param actions what it may do there
   * @param requestId the request's id
   * @param address that it comes from
   */
  record DeployToken(
      String tokenId, String site, Set<Action> actions, String requestId, String address)
      implements Caller {
    /** Keeps an unmodifiable copy. */
    public DeployToken {
      actions = Set.copyOf(actions);
    }

    @Override
    public String id() {
      return "token:" + tokenId;
    }
  }
}
