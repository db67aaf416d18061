/**
 * One class of ours in a package of jcifs-ng. {@link jcifs.smb.SessionSeam} reaches what the library keeps to this
 * package: sessions and their keys. It knows nothing of Varve.
 */
package jcifs.smb;
