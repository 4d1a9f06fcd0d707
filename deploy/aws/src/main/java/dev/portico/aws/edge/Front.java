package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.CloudFront;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.cloudfront.AllowedMethods;
import software.amazon.awscdk.services.cloudfront.BehaviorOptions;
import software.amazon.awscdk.services.cloudfront.CachePolicy;
import software.amazon.awscdk.services.cloudfront.Distribution;
import software.amazon.awscdk.services.cloudfront.HttpVersion;
import software.amazon.awscdk.services.cloudfront.OriginProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.OriginRequestPolicy;
import software.amazon.awscdk.services.cloudfront.OriginSslPolicy;
import software.amazon.awscdk.services.cloudfront.SecurityPolicyProtocol;
import software.amazon.awscdk.services.cloudfront.ViewerProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.origins.HttpOrigin;
import software.constructs.Construct;

/**
 * CloudFront for its reach: viewers end their connections near them, and its network leads to the
 * load balancer, which lets nobody else in. It keeps nothing itself, since it would know neither of
 * activations nor of invalidations.
 */
final class Front extends Construct {
  private final Distribution distribution;

  Front(Construct scope, Settings settings, CloudFront cloudFront) {
    super(scope, "Front");
    List<String> names = new ArrayList<>();
    names.add(settings.domains().sites().name());
    names.add("*." + settings.domains().sites().name());
    names.add(settings.domains().apiHost());
    names.add(settings.domains().authHost());
    settings.domains().custom().forEach(custom -> names.add(custom.domain().name()));
    distribution =
        Distribution.Builder.create(this, "Distribution")
            .comment("Portico " + settings.name())
            .domainNames(names)
            .certificate(
                Certificate.fromCertificateArn(this, "Certificate", cloudFront.certificate()))
            .httpVersion(HttpVersion.HTTP2_AND_3)
            .minimumProtocolVersion(SecurityPolicyProtocol.TLS_V1_2_2021)
            .enableIpv6(true)
            .defaultBehavior(
                BehaviorOptions.builder()
                    .origin(
                        HttpOrigin.Builder.create(settings.domains().originHost())
                            .protocolPolicy(OriginProtocolPolicy.HTTPS_ONLY)
                            .originSslProtocols(List.of(OriginSslPolicy.TLS_V1_2))
                            .readTimeout(Duration.seconds(60))
                            .keepaliveTimeout(Duration.seconds(60))
                            .build())
                    .viewerProtocolPolicy(ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
                    .allowedMethods(AllowedMethods.ALLOW_ALL)
                    .cachePolicy(CachePolicy.CACHING_DISABLED)
                    // The host too: it is what the gateway finds the site by.
                    .originRequestPolicy(OriginRequestPolicy.ALL_VIEWER)
                    .compress(false)
                    .build())
            .build();
  }

  Distribution distribution() {
    return distribution;
  }
}
