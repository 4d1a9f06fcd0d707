/**
 * What can be made again at any time: network, load balancer, names, the three services and how
 * they are replaced.
 */
@NullMarked
package dev.portico.aws.edge;

import org.jspecify.annotations.NullMarked;
