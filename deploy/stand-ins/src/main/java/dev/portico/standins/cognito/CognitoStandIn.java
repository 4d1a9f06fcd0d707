package dev.portico.standins.cognito;

import dev.portico.standins.cognito.hosted.HostedEndpoints;
import dev.portico.standins.cognito.http.ControlPages;
import dev.portico.standins.cognito.http.HostedFront;
import dev.portico.standins.cognito.http.HttpFront;
import dev.portico.standins.cognito.http.PoolDocuments;
import dev.portico.standins.cognito.http.Protocol;
import dev.portico.standins.cognito.identity.IdentityOperations;
import dev.portico.standins.cognito.pool.ClientOperations;
import dev.portico.standins.cognito.pool.IdentityProviderOperations;
import dev.portico.standins.cognito.pool.PoolMfaOperations;
import dev.portico.standins.cognito.pool.PoolOperations;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.ResourceServerOperations;
import dev.portico.standins.cognito.profile.ProfileOperations;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.SignatureV4;
import dev.portico.standins.cognito.signin.SignInOperations;
import dev.portico.standins.cognito.store.DataFolder;
import dev.portico.standins.cognito.token.TokenOperations;
import dev.portico.standins.cognito.token.Tokens;
import dev.portico.standins.cognito.user.AccountOperations;
import dev.portico.standins.cognito.user.AdminUserOperations;
import dev.portico.standins.cognito.user.Codes;
import dev.portico.standins.cognito.user.GroupOperations;
import dev.portico.standins.cognito.user.Message;
import dev.portico.standins.cognito.user.Outbox;
import dev.portico.standins.cognito.user.Users;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A running Cognito stand-in. */
public final class CognitoStandIn implements AutoCloseable {
  private final HttpFront front;
  private final AdjustableClock clock;
  private final Outbox outbox;

  private CognitoStandIn(HttpFront front, AdjustableClock clock, Outbox outbox) {
    this.front = front;
    this.clock = clock;
    this.outbox = outbox;
  }

  /**
   * Starts one.
   *
   * @throws IllegalArgumentException when the address is reachable from other machines and the
   *     settings do not allow that
   * @throws UncheckedIOException when it cannot listen or the folder cannot be used
   */
  public static CognitoStandIn start(CognitoSettings settings) {
    var address = address(settings);
    var clock = new AdjustableClock();
    var data = new DataFolder(settings.data());
    var pools = new Pools(data);
    var users = new Users(data, clock, pools.all());
    var outbox = new Outbox(data);
    var tokens = new Tokens(data, clock, pools, users, settings::issuerOf);
    var region = settings.credentials().region();
    var operations = new Operations();
    new PoolOperations(pools, clock, region, users::count).register(operations);
    new PoolMfaOperations(pools).register(operations);
    new ClientOperations(pools, clock).register(operations);
    new ResourceServerOperations(pools).register(operations);
    new IdentityProviderOperations(pools, clock).register(operations);
    new GroupOperations(pools, users, clock).register(operations);
    var codes = new Codes(users, outbox, clock);
    new AccountOperations(pools, users, codes, clock).register(operations);
    new AdminUserOperations(pools, users, outbox, clock).register(operations);
    new TokenOperations(pools, users, tokens).register(operations);
    new ProfileOperations(users, tokens, codes).register(operations);
    new SignInOperations(pools, users, tokens, outbox, clock).register(operations);
    var identity = new Operations();
    new IdentityOperations(tokens, clock, region).register(identity);
    var signature =
        new SignatureV4(
            settings.credentials().keyId(),
            settings.credentials().secret(),
            region,
            Clock.systemUTC());
    var turn = new ReentrantLock();
    var front =
        HttpFront.start(
            address,
            new Protocol(
                Map.of(
                    "AWSCognitoIdentityProviderService",
                    operations,
                    "AWSCognitoIdentityService",
                    identity),
                signature),
            new PoolDocuments(pools, tokens),
            new HostedFront(new HostedEndpoints(pools, users, tokens, outbox, clock, turn)),
            new ControlPages(
                outbox, clock, clock::offset, clock::advance, settings.beyondLoopback()),
            turn);
    return new CognitoStandIn(front, clock, outbox);
  }

  private static InetSocketAddress address(CognitoSettings settings) {
    try {
      var address = InetAddress.getByName(settings.host());
      if (!address.isLoopbackAddress() && !settings.beyondLoopback()) {
        throw new IllegalArgumentException(
            settings.host()
                + " can be reached from other machines, and whoever reaches the stand-in reads"
                + " every code; allow it by --beyond-loopback");
      }
      return new InetSocketAddress(address, settings.port());
    } catch (IOException e) {
      throw new UncheckedIOException("no such address: " + settings.host(), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return front.port();
  }

  /** Where clients find it, as the endpoint of {@code cognito-idp} and {@code cognito-identity}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** The address of a pool's public keys. */
  public URI keySet(String poolId) {
    return endpoint().resolve("/" + poolId + "/.well-known/jwks.json");
  }

  /** Where a pool's domain is: the hosted endpoints and the login page. */
  public URI domain() {
    return endpoint();
  }

  /** The page on which a person reads the codes that AWS would have sent. */
  public URI messagesPage() {
    return endpoint().resolve("/messages");
  }

  /** Its clock: expiry of codes, sessions and tokens follows it; signatures do not. */
  public AdjustableClock clock() {
    return clock;
  }

  /** The messages that AWS would have sent, newest first. */
  public List<Message> messages() {
    return outbox.messages();
  }

  @Override
  public void close() {
    front.close();
  }
}
