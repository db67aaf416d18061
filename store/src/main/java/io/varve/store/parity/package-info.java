/**
 * Reed–Solomon redundancy for packs, stored in objects of their own, from which damaged sectors of a pack can be
 * computed. May use objects, chunk ids and pack names.
 */
package io.varve.store.parity;
