/** Raw disks: the file or block device is the virtual disk byte for byte. May use {@code file}. */
package io.varve.adapters.raw;
