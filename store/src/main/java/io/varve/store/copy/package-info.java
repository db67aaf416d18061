/** Copies snapshots from one repository into another, sending only the chunks that are not there. */
package io.varve.store.copy;
