package dev.portico.content.site;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents what a route answers beside settings: the site's version as ETag, and which keys the
 * live deployment's portico.yml owns. In a header field, since the body is the document that a
 * client changes and sends back.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    headers = {
      @Header(
          name = "ETag",
          description = "The site's version, for If-Match",
          schema = @Schema(type = "string")),
      @Header(
          name = SettingsAnswer.OWNED,
          description =
              "Top-level keys that portico.yml of the live deployment owns, separated by commas;"
                  + " absent when it owns none",
          schema = @Schema(type = "string"))
    })
@interface SettingsAnswer {
  /** Name of the field with the keys. */
  String OWNED = "Portico-Settings-File";
}
