/**
 * Collection of what no snapshot needs any more. {@link io.varve.store.gc.Collection} is the whole way: {@code Mark}
 * walks the maps and fills a {@code LiveFilter}; {@code Sweep} deletes what an earlier collection condemned;
 * {@code Survey} weighs every pack; thin ones are repacked; what is left over is condemned, and deleted by a later run.
 */
package io.varve.store.gc;
