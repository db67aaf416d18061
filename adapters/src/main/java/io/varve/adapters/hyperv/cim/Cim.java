package io.varve.adapters.hyperv.cim;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * WMI of one host, in the namespace {@code root\virtualization\v2}. Threading: one thread at a time.
 *
 * <p>All methods throw {@link CimException} when the host answers with an error, and other {@link IOException}s when it
 * cannot be reached. After an error of {@link #invoke} the method may have run all the same: look at its effect.
 */
public interface Cim extends Closeable {
    /** The namespace all calls are made in. */
    String NAMESPACE = "root/virtualization/v2";

    /** The host's name, for messages and in object paths. */
    String host();

    /**
     * All objects that a query selects.
     *
     * @param wql {@code SELECT …} or {@code ASSOCIATORS OF …}; text in it comes from {@link Wql}
     */
    List<CimObject> query(String wql) throws IOException;

    /** The object at {@code path} as it is now; empty when there is none. */
    Optional<CimObject> find(CimPath path) throws IOException;

    /**
     * Calls a method.
     *
     * @param input the method's parameters; those that are left out are null
     * @return its output parameters, with {@code ReturnValue}
     */
    CimFields invoke(CimPath object, String method, CimFields input) throws IOException;
}
