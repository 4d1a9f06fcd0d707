package dev.portico.standins.cognito.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.protocol.SignatureV4;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Cognito's JSON 1.1 protocol, for user pools and identity pools: POST to {@code /}, the operation
 * in {@code X-Amz-Target}. Open to scripts of any web page (CORS), as Cognito is.
 */
public final class Protocol {
  private static final System.Logger LOG = System.getLogger(Protocol.class.getName());
  private static final String TYPE = "application/x-amz-json-1.1";
  private static final Set<String> METHODS = Set.of("POST", "OPTIONS");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Operations> services;
  private final SignatureV4 signature;

  /**
   * Makes it.
   *
   * @param services the operations of each service, by its name in {@code X-Amz-Target}
   */
  public Protocol(Map<String, Operations> services, SignatureV4 signature) {
    this.services = Map.copyOf(services);
    this.signature = signature;
  }

  void handle(Exchange exchange, byte[] body) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Access-Control-Allow-Origin", "*");
    headers.put("x-amzn-RequestId", UUID.randomUUID().toString());
    if (!METHODS.contains(exchange.method())) {
      headers.put("Allow", "GET, POST, OPTIONS");
      exchange.answer(405, headers, "");
      return;
    }
    if (exchange.method().equals("OPTIONS")) {
      headers.put("Access-Control-Allow-Methods", "POST");
      headers.put(
          "Access-Control-Allow-Headers",
          "authorization,cache-control,content-type,x-amz-content-sha256,x-amz-date,"
              + "x-amz-security-token,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,"
              + "amz-sdk-request");
      headers.put("Access-Control-Max-Age", "172800");
      exchange.answer(200, headers, "");
      return;
    }
    headers.put(
        "Access-Control-Expose-Headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");
    headers.put("Content-Type", TYPE);
    try {
      exchange.answer(200, headers, call(exchange, body).toString());
    } catch (CognitoException e) {
      refuse(exchange, headers, e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "cannot answer " + exchange.header("X-Amz-Target"), e);
      refuse(exchange, headers, CognitoException.internal("see the stand-in's log"));
    }
  }

  private static void refuse(
      Exchange exchange, Map<String, String> headers, CognitoException refusal) throws IOException {
    headers.put("x-amzn-ErrorType", refusal.type() + ":");
    // A header has no line breaks.
    headers.put("x-amzn-ErrorMessage", refusal.text().replaceAll("[^\\x20-\\x7e]", " "));
    var answer = Json.object().put("__type", refusal.type()).put("message", refusal.text());
    exchange.answer(refusal.status(), headers, answer.toString());
  }

  private ObjectNode call(Exchange exchange, byte[] body) {
    var target = exchange.header("X-Amz-Target");
    int dot = target == null ? -1 : target.indexOf('.');
    var service = target == null || dot < 0 ? null : services.get(target.substring(0, dot));
    if (target == null || service == null) {
      throw CognitoException.of("UnknownOperationException", "Unknown operation " + target);
    }
    var name = target.substring(dot + 1);
    var operation = service.find(name);
    if (operation == null) {
      throw CognitoException.unsupported("the operation " + name);
    }
    if (operation.signed()) {
      signature.verify(exchange.method(), exchange.http().getRequestURI(), exchange::header, body);
    }
    return operation.action().apply(new Params(parse(body)));
  }

  private ObjectNode parse(byte[] body) {
    try {
      if (json.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // Answered below, like any other body that is no object.
    }
    throw CognitoException.of("SerializationException", "The body is not a JSON object");
  }
}
