/** Which snapshots to keep: a pure function of their times, and the reasons for each. Deletes nothing. */
package io.varve.store.retention;
