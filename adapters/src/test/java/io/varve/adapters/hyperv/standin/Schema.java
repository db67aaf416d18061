package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The public reference of Hyper-V's classes, as data: judges requests and answers. */
public final class Schema {
    /** A property or parameter. */
    record Member(String type, boolean isArray, String direction) {}

    private static final class CimClass {
        private String parent = "-";
        private final Map<String, Member> properties = new HashMap<>();
        private final Map<String, Map<String, Member>> methods = new HashMap<>();
    }

    private final Map<String, CimClass> classes = new HashMap<>();

    /** The one that lies among the tests. */
    public static Schema load() {
        Schema schema = new Schema();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Schema.class.getResourceAsStream("/hyperv-wmi-schema.tsv"), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                schema.add(line.split("\t", -1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schema;
    }

    private void add(String[] row) {
        CimClass known = classes.computeIfAbsent(row[0], name -> new CimClass());
        String kind = row[1];
        String name = row[2];
        String type = row.length > 3 ? row[3] : "";
        boolean isArray = row.length > 4 && row[4].equals("array");
        String direction = row.length > 5 ? row[5] : "";
        switch (kind) {
            case "class", "association" -> known.parent = name;
            case "property" -> known.properties.put(name, new Member(type, isArray, ""));
            case "method" -> known.methods.computeIfAbsent(name, method -> new HashMap<>());
            case "parameter" ->
                known.methods
                        .computeIfAbsent(name.substring(0, name.indexOf('.')), method -> new HashMap<>())
                        .put(name.substring(name.indexOf('.') + 1), new Member(type, isArray, direction));
            default -> throw new IllegalStateException(kind);
        }
    }

    private Optional<Member> property(String className, String name) {
        for (CimClass known = classes.get(className); known != null; known = classes.get(known.parent)) {
            if (known.properties.containsKey(name)) {
                return Optional.of(known.properties.get(name));
            }
        }
        return Optional.empty();
    }

    private Optional<Map<String, Member>> method(String className, String name) {
        for (CimClass known = classes.get(className); known != null; known = classes.get(known.parent)) {
            if (known.methods.containsKey(name)) {
                return Optional.of(known.methods.get(name));
            }
        }
        return Optional.empty();
    }

    boolean has(String className) {
        return classes.containsKey(className);
    }

    boolean has(String className, String property) {
        return property(className, property).isPresent();
    }

    /** What is wrong with an object of a class. */
    public List<String> faults(String className, CimFields fields) {
        List<String> faults = new ArrayList<>();
        if (!has(className)) {
            faults.add("no class " + className);
            return faults;
        }
        for (String name : fields.names()) {
            Optional<Member> member = property(className, name);
            if (member.isEmpty()) {
                faults.add("no property " + className + "." + name);
            } else {
                check(className + "." + name, member.get(), fields.values(name), faults);
            }
        }
        return faults;
    }

    /** What is wrong with the parameters of a call. */
    public List<String> faults(String className, String method, String direction, CimFields parameters) {
        List<String> faults = new ArrayList<>();
        Optional<Map<String, Member>> known = method(className, method);
        if (known.isEmpty()) {
            faults.add("no method " + className + "." + method);
            return faults;
        }
        for (String name : parameters.names()) {
            String place = className + "." + method + "." + name;
            Member member = known.get().get(name);
            if (name.equals("ReturnValue") && direction.equals("out")) {
                continue;
            }
            if (member == null) {
                faults.add("no parameter " + place);
            } else if (!List.of(member.direction().split(",")).contains(direction)) {
                faults.add(place + " is " + member.direction() + ", not " + direction);
            } else {
                check(place, member, parameters.values(name), faults);
            }
        }
        return faults;
    }

    private static void check(String place, Member member, List<CimValue> values, List<String> faults) {
        if (!member.isArray() && values.size() != 1) {
            faults.add(place + " is no array, found " + values.size() + " values");
        }
        for (CimValue value : values) {
            boolean isReference = value instanceof CimValue.Reference;
            if (isReference != member.type().endsWith("REF")) {
                faults.add(place + " is of type " + member.type() + ", found " + value);
            } else if (value instanceof CimValue.Text text && !fits(member.type(), text.text())) {
                faults.add(place + " is of type " + member.type() + ", found '" + text.text() + "'");
            }
        }
    }

    private static boolean fits(String type, String text) {
        return switch (type) {
            case "boolean" -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            case "uint8" -> isIn(text, 255);
            case "uint16" -> isIn(text, 65_535);
            case "uint32" -> isIn(text, 0xFFFF_FFFFL);
            case "uint64" -> text.matches("[0-9]{1,20}");
            default -> true;
        };
    }

    private static boolean isIn(String text, long most) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) <= most;
    }
}
