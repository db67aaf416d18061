package io.varve.adapters.hyperv.cim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What identifies an object within the namespace. Immutable.
 *
 * @param className its class
 * @param keys its key properties, by name; empty for a class that has a single instance
 */
public record CimPath(String className, Map<String, String> keys) {
    public CimPath {
        Objects.requireNonNull(className);
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** A path with one key. */
    public static CimPath of(String className, String key, String value) {
        return new CimPath(className, Map.of(key, value));
    }

    /**
     * As a full WMI object path, the form that properties of type string expect:
     * {@code \\HOST\root\virtualization\v2:Class.Key="value"}.
     */
    public String text(String host) {
        return "\\\\" + host + "\\" + Cim.NAMESPACE.replace('/', '\\') + ":" + relative();
    }

    /** As {@code Class.Key="value",…}, keys in alphabetical order; the form that queries expect. */
    public String relative() {
        if (keys.isEmpty()) {
            return className + "=@";
        }
        StringJoiner joined = new StringJoiner(",");
        new TreeMap<>(keys).forEach((key, value) -> joined.add(key + "=" + Wql.quoted(value)));
        return className + "." + joined;
    }

    /** The value of a key. */
    public String key(String name) {
        String value = keys.get(name);
        if (value == null) {
            throw new IllegalArgumentException(relative() + " has no key " + name);
        }
        return value;
    }
}
