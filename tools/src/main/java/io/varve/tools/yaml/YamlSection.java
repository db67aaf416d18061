package io.varve.tools.yaml;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The valid values of a section, each with its line. */
public final class YamlSection {
    /**
     * @param content the parsed value, a {@code List<Value>}, or a {@link YamlSection}
     * @param line counted from 1
     */
    public record Value(Object content, int line) {}

    private final int line;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new HashMap<>(); // of the keys

    YamlSection(int line) {
        this.line = line;
    }

    void mention(String key, int keyLine) {
        lines.put(key, keyLine);
    }

    void put(String key, Value value) {
        values.put(key, value);
    }

    /** The line on which the section begins. */
    public int line() {
        return line;
    }

    /** Whether the key is in the file, even if its value is invalid. */
    public boolean has(String key) {
        return lines.containsKey(key);
    }

    /** Returns the line of a key; that of the section if the key is missing. */
    public int lineOf(String key) {
        return lines.getOrDefault(key, line);
    }

    /** Returns the parsed value; empty if the key is missing or its value is invalid. */
    public <T> Optional<T> get(String key, Class<T> type) {
        return Optional.ofNullable(values.get(key)).map(value -> type.cast(value.content()));
    }

    /** Returns the valid elements of a list. */
    public List<Value> list(String key) {
        Value value = values.get(key);
        if (value == null) {
            return List.of();
        }
        return ((List<?>) value.content()).stream().map(Value.class::cast).toList();
    }

    /** As {@link #list}, without lines. */
    public <T> List<T> list(String key, Class<T> type) {
        return list(key).stream().map(value -> type.cast(value.content())).toList();
    }
}
