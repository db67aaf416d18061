/** One snapshot as one file: a tar archive of a repository that has this snapshot alone. */
package io.varve.store.export;
