/**
 * A signed SMB 3 connection to one server. jcifs-ng connects, negotiates and logs on; every request after that is one
 * of ours, and every answer is verified before anybody sees it. Knows no files: {@code adapters.smb} does. May use
 * {@code wire}, and the engine.
 */
package io.varve.adapters.smb.link;
