/** Raw disks: the file, or block device, is the virtual disk byte for byte. */
package io.varve.adapters.raw;
