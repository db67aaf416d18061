package io.varve.adapters.hyperv.cim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Named values: the properties of an object, or the parameters of a method. What is null has no entry. Immutable.
 *
 * <p>Names are case-sensitive, as WS-Management sends them.
 */
public final class CimFields {
    /** No values. */
    public static final CimFields NONE = new CimFields("", Map.of());

    private final String owner;
    private final Map<String, List<CimValue>> values;

    private CimFields(String owner, Map<String, List<CimValue>> values) {
        this.owner = owner;
        this.values = values;
    }

    /**
     * Values received.
     *
     * @param owner the class or method they belong to, for messages
     */
    public static CimFields of(String owner, Map<String, List<CimValue>> values) {
        Map<String, List<CimValue>> copy = new LinkedHashMap<>();
        values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        return new CimFields(owner, Collections.unmodifiableMap(copy));
    }

    /** These, and a text; a null {@code text} adds nothing. */
    public CimFields with(String name, String text) {
        return text == null ? this : with(name, List.of(new CimValue.Text(text)));
    }

    /** These, and a number. */
    public CimFields with(String name, long number) {
        return with(name, Long.toString(number));
    }

    /** These, and a reference. */
    public CimFields with(String name, CimPath path) {
        return with(name, List.of(new CimValue.Reference(path)));
    }

    /** These, and an array. */
    public CimFields with(String name, List<? extends CimValue> array) {
        Map<String, List<CimValue>> more = new LinkedHashMap<>(values);
        more.put(name, List.copyOf(array));
        return new CimFields(owner, Collections.unmodifiableMap(more));
    }

    /** These, and an array of texts. */
    public CimFields withTexts(String name, List<String> texts) {
        return with(name, texts.stream().map(CimValue.Text::new).toList());
    }

    /** The names that have a value, in order. */
    public Set<String> names() {
        return values.keySet();
    }

    /** The values of an array, or the one value of anything else; empty for null. */
    public List<CimValue> values(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A text; empty for null. */
    public Optional<String> find(String name) throws CimException {
        List<String> all = texts(name);
        if (all.size() > 1) {
            throw unexpected(name, "one value", all.size() + " values");
        }
        return all.stream().findFirst();
    }

    /** A text that must be there. */
    public String text(String name) throws CimException {
        return find(name).orElseThrow(() -> unexpected(name, "a value", "none"));
    }

    /** An array of texts; empty for null. */
    public List<String> texts(String name) throws CimException {
        List<String> all = new ArrayList<>();
        for (CimValue value : values(name)) {
            if (value instanceof CimValue.Text text) {
                all.add(text.text());
            } else {
                throw unexpected(name, "text", "a reference");
            }
        }
        return all;
    }

    /** A number that must be there; unsigned 64-bit values above {@link Long#MAX_VALUE} are refused. */
    public long number(String name) throws CimException {
        return parse(name, text(name));
    }

    /** An array of numbers; empty for null. */
    public List<Long> numbers(String name) throws CimException {
        List<Long> all = new ArrayList<>();
        for (String text : texts(name)) {
            all.add(parse(name, text));
        }
        return all;
    }

    private long parse(String name, String text) throws CimException {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw unexpected(name, "a number", "'" + text + "'");
        }
    }

    /** A boolean; false for null. */
    public boolean flag(String name) throws CimException {
        return find(name).map(text -> text.strip().equalsIgnoreCase("true")).orElse(false);
    }

    /** A reference; empty for null. */
    public Optional<CimPath> reference(String name) throws CimException {
        List<CimValue> all = values(name);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        if (all.size() == 1 && all.get(0) instanceof CimValue.Reference reference) {
            return Optional.of(reference.path());
        }
        throw unexpected(name, "one reference", all.size() + " values");
    }

    private CimException unexpected(String name, String expected, String found) {
        return CimException.answer(
                (owner.isEmpty() ? name : owner + "." + name) + ": expected " + expected + ", found " + found);
    }

    @Override
    public String toString() {
        return owner + values;
    }
}
