/**
 * Raw disks: the file or block device is the virtual disk byte for byte. A new one is written with holes where the disk
 * is zero. May use {@code file}, and the engine and the store.
 */
package io.varve.adapters.raw;
