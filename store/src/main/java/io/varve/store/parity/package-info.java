/** Redundancy beside packs, so that damaged sectors of a pack can be computed from the others (Reed–Solomon). */
package io.varve.store.parity;
