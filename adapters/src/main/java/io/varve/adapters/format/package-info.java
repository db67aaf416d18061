/**
 * What the readers of disk formats share: how Windows stores a GUID, and how an image that is not supported is refused.
 */
package io.varve.adapters.format;
