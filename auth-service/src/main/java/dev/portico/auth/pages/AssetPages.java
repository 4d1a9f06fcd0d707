package dev.portico.auth.pages;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;

/** Style sheets and the icon. */
@Hidden
@Controller("/assets")
@Secured(SecurityRule.IS_ANONYMOUS)
@Produces("*/*")
class AssetPages {
  private final Assets assets;

  AssetPages(Assets assets) {
    this.assets = assets;
  }

  @Get("/{name}")
  HttpResponse<?> asset(String name) {
    return assets
        .find(name)
        .<HttpResponse<?>>map(
            asset ->
                HttpResponse.ok(asset.content())
                    .header("Content-Type", asset.type())
                    .header("Cache-Control", "public, max-age=31536000, immutable")
                    .header("X-Content-Type-Options", "nosniff"))
        .orElseGet(HttpResponse::notFound);
  }
}
