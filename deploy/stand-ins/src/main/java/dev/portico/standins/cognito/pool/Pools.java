package dev.portico.standins.cognito.pool;

import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.store.DataFolder;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** All pools of the stand-in, kept in a folder. */
public final class Pools {
  private final DataFolder data;
  private final Map<String, UserPool> byId = new LinkedHashMap<>();

  /** Reads what the folder has. */
  public Pools(DataFolder data) {
    this.data = data;
    for (var id : data.list("pools")) {
      data.read(file(id), UserPool.class).ifPresent(pool -> byId.put(id, pool));
    }
  }

  /** All pools, oldest first as far as this run knows. */
  public Collection<UserPool> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** The pool, or {@code ResourceNotFoundException}. */
  public UserPool get(String id) {
    var pool = byId.get(id);
    if (pool == null) {
      throw CognitoException.notFound("User pool " + id + " does not exist.");
    }
    return pool;
  }

  /** The client wherever it is, or {@code ResourceNotFoundException}. */
  public PoolClient client(String clientId) {
    for (var pool : byId.values()) {
      var client = pool.clients().get(clientId);
      if (client != null) {
        return client;
      }
    }
    throw CognitoException.notFound("User pool client " + clientId + " does not exist.");
  }

  /** Keeps a new or changed pool. */
  public void save(UserPool pool) {
    byId.put(pool.id(), pool);
    data.write(file(pool.id()), pool);
  }

  private static String file(String id) {
    return "pools/" + id + "/pool.json";
  }
}
