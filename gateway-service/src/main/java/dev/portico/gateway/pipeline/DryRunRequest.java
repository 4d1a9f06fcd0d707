package dev.portico.gateway.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.pipeline.ExplainQuestion.InvalidException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be compared before a deployment is activated.
 *
 * @param deployment the deployment, or an alias
 * @param urls as an {@link ExplainQuestion} has them
 * @param fields header fields of each request: names and values in turn
 */
record DryRunRequest(String deployment, List<String> urls, List<String> fields) {
  /** How many URLs are compared at once. */
  static final int MOST_URLS = 200;

  private static final JsonFactory JSON = new JsonFactory();

  /** Copies the lists. */
  DryRunRequest {
    urls = List.copyOf(urls);
    fields = List.copyOf(fields);
  }

  /** Reads the body of {@code POST /v1/sites/{site}/explain}. */
  static DryRunRequest read(byte[] body) throws InvalidException {
    String deployment = null;
    List<String> urls = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    try (JsonParser json = JSON.createParser(body)) {
      expect(json.nextToken() == JsonToken.START_OBJECT, "body", "is no JSON object");
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "deployment" -> deployment = text(name, json);
          case "urls" -> texts(name, json, urls);
          case "headers" -> texts(name, json, lines);
          default -> throw new InvalidException(name, "there is no such field");
        }
      }
    } catch (IOException e) {
      throw new InvalidException("body", "is no JSON");
    }
    if (deployment == null) {
      throw new InvalidException("deployment", "is missing");
    }
    expect(!urls.isEmpty(), "urls", "is missing or empty");
    expect(urls.size() <= MOST_URLS, "urls", "are more than " + MOST_URLS);
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        ExplainQuestion.field(lines.get(i), fields);
      } catch (InvalidException e) {
        throw e.at("header", "headers[" + i + ']');
      }
    }
    return new DryRunRequest(deployment, urls, fields);
  }

  private static void texts(String name, JsonParser json, List<String> all)
      throws IOException, InvalidException {
    expect(json.currentToken() == JsonToken.START_ARRAY, name, "is no list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      all.add(text(name + '[' + all.size() + ']', json));
    }
  }

  private static String text(String name, JsonParser json) throws IOException, InvalidException {
    expect(json.currentToken() == JsonToken.VALUE_STRING, name, "is no text");
    return json.getText();
  }

  private static void expect(boolean good, String field, String reason) throws InvalidException {
    if (!good) {
      throw new InvalidException(field, reason);
    }
  }

  /**
   * What is wrong with one of the questions, in the words of this request.
   *
   * @param index which of the URLs it is about
   */
  InvalidException named(InvalidException fault, int index) {
    return fault.at("url", "urls[" + index + ']').at("header", "headers");
  }

  /** One of the questions to be asked. */
  ExplainQuestion question(String url, @Nullable String supposed) {
    return new ExplainQuestion(url, "GET", fields, supposed);
  }
}
