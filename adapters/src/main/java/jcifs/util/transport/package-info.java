/**
 * One class of ours in a package of jcifs-ng. It reaches what the library keeps to this package: message ids and
 * answers that nobody asked for. It knows nothing of Varve.
 */
package jcifs.util.transport;
