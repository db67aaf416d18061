/**
 * One class of ours in a package of jcifs-ng: {@link jcifs.smb.SessionSeam} reaches what the library keeps to this
 * package.
 */
package jcifs.smb;
