/**
 * Copies snapshots from one repository into another, storing only the chunks that are not there, under the target's
 * ids.
 */
package io.varve.store.copy;
