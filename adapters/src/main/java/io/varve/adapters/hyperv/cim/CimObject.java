package io.varve.adapters.hyperv.cim;

import java.util.Objects;

/**
 * An object as a query returned it.
 *
 * @param path where it is
 * @param fields its properties
 */
public record CimObject(CimPath path, CimFields fields) {
    public CimObject {
        Objects.requireNonNull(path);
        Objects.requireNonNull(fields);
    }
}
