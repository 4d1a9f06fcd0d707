/** The findings of cdk-nag that stay, each for one resource and with the evidence why. */
@NullMarked
package dev.portico.aws.findings;

import org.jspecify.annotations.NullMarked;
