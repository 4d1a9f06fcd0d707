/**
 * What Portico costs in a month, beside S3 with CloudFront, Lambda@Edge and API Gateway for the
 * same traffic: arithmetic over a dated table of prices.
 */
@NullMarked
package dev.portico.aws.cost;

import org.jspecify.annotations.NullMarked;
