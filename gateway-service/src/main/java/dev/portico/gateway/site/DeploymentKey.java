package dev.portico.gateway.site;

/**
 * Names a deployment.
 *
 * @param site name of its site
 * @param deployment its id
 */
record DeploymentKey(String site, String deployment) {}
