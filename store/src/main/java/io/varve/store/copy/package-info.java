/**
 * Copies snapshots from one repository into another. Only chunks that the target lacks are stored, under the target's
 * ids.
 */
package io.varve.store.copy;
