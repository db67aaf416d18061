/** One class of ours in a package of jcifs-ng, for what the library keeps to it. */
package jcifs.util.transport;
