package io.varve.engine.gc;

import io.varve.store.gc.CollectionListener;

/** Of what a collection tells, its warnings alone. */
@FunctionalInterface
public interface Warnings extends CollectionListener {
    @Override
    default void phase(String name, long steps) {}

    @Override
    default void advanced(long steps) {}

    @Override
    default void notice(String message) {}
}
