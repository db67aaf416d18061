package io.varve.adapters.hyperv.cim;

import java.util.Objects;

/** One value of a property or parameter; an array is a list of them, null is no value. Immutable. */
public sealed interface CimValue {
    /**
     * Anything but a reference.
     *
     * @param text numbers in decimal, booleans as {@code true} and {@code false}, an embedded instance as its XML
     */
    record Text(String text) implements CimValue {
        public Text {
            Objects.requireNonNull(text);
        }
    }

    /** A reference to another object. */
    record Reference(CimPath path) implements CimValue {
        public Reference {
            Objects.requireNonNull(path);
        }
    }
}
