/**
 * The Cognito groups that sites' rules about access name: what was done to them, which auth-service
 * writes down, for the owners of these sites. Here it is decided which groups they may ask about.
 */
@NullMarked
package dev.portico.content.group;

import org.jspecify.annotations.NullMarked;
