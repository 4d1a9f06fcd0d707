package dev.portico.standins.aws;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Starts DynamoDB Local as its own main class does, but on the loopback alone: it has no option for
 * the address, would listen on every one, and checks no signature. Its classes are there only where
 * it runs, so that they are reached by name.
 */
final class DynamoDbOnLoopback {
  private static final String RUNNER = "software.amazon.dynamodb.services.local.main.ServerRunner";

  private DynamoDbOnLoopback() {}

  /**
   * Takes DynamoDB Local's own arguments.
   *
   * @throws ReflectiveOperationException when this release of DynamoDB Local is made otherwise, or
   *     cannot start
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    var create = Class.forName(RUNNER).getMethod("createServerFromCommandLineArgs", String[].class);
    var dynamoDb = created(create, null, (Object) arguments);
    var field = dynamoDb.getClass().getDeclaredField("server");
    field.setAccessible(true);
    var jetty = field.get(dynamoDb);
    var connectors = (Object[]) created(jetty.getClass().getMethod("getConnectors"), jetty);
    for (var connector : connectors) {
      connector.getClass().getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
    }
    dynamoDb.getClass().getMethod("start").invoke(dynamoDb);
  }

  private static Object created(Method method, @Nullable Object of, Object... arguments)
      throws ReflectiveOperationException {
    var made = method.invoke(of, arguments);
    if (made == null) {
      throw new NoSuchMethodException(method + " makes nothing");
    }
    return made;
  }
}
