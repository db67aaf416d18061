package io.varve.tools.yaml;

import io.varve.tools.yaml.Shape.Kind;
import io.varve.tools.yaml.Shape.ListOf;
import io.varve.tools.yaml.Shape.Scalar;
import io.varve.tools.yaml.Shape.Section;
import io.varve.tools.yaml.YamlSection.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a YAML 1.2 file according to its shape. All mistakes are found in one pass; valid values are returned anyway,
 * so that they can be checked further. The content of a file can invoke nothing but the parsers of its shape.
 */
public final class YamlReader {
    private static final int MOST_MISTAKES = 200;

    private final List<Mistake> mistakes;

    /** @param mistakes receives the mistakes */
    public YamlReader(List<Mistake> mistakes) {
        this.mistakes = mistakes;
    }

    /** Reads {@code text}. Returns an empty section if it is not YAML. */
    public YamlSection read(String text, Section shape) {
        LoadSettings settings = LoadSettings.builder().setLabel("job").build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                mistake(1, "the file is empty");
                return new YamlSection(1);
            }
            Value value = value(root.get(), shape, "the file");
            return value == null ? new YamlSection(1) : (YamlSection) value.content();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(mark -> mark.getLine() + 1)
                    .orElse(1);
            mistake(line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            mistake(1, "not YAML: " + e.getMessage());
        }
        return new YamlSection(1);
    }

    private void mistake(int line, String message) {
        if (mistakes.size() < MOST_MISTAKES) {
            mistakes.add(new Mistake(line, message));
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** @return null if it is invalid, which is added to the mistakes */
    private Value value(Node node, Shape shape, String name) {
        if (shape instanceof Scalar scalar) {
            return node instanceof ScalarNode plain
                    ? scalar(plain, scalar, name)
                    : wrong(node, name, scalar.expected());
        }
        if (shape instanceof ListOf list) {
            return node instanceof SequenceNode sequence
                    ? sequence(sequence, list, name)
                    : wrong(node, name, "a list, each element on a line of its own that begins with '- '");
        }
        return node instanceof MappingNode mapping
                ? section(mapping, (Section) shape, name)
                : wrong(node, name, "keys and values, as in 'key: value'");
    }

    private Value wrong(Node node, String name, String expected) {
        mistake(line(node), name + ": expected " + expected + ", found " + describe(node));
        return null;
    }

    private static String describe(Node node) {
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (node instanceof MappingNode) {
            return "keys and values";
        }
        ScalarNode plain = (ScalarNode) node;
        String shown = plain.getValue().length() > 60 ? plain.getValue().substring(0, 60) + "…" : plain.getValue();
        return plain.getTag().equals(Tag.NULL) ? "nothing" : "'" + shown + "'";
    }

    private Value scalar(ScalarNode node, Scalar shape, String name) {
        String text = node.getValue();
        Tag tag = node.getTag();
        Kind kind = tag.equals(Tag.STR)
                ? Kind.STRING
                : tag.equals(Tag.INT)
                        ? Kind.INTEGER
                        : tag.equals(Tag.FLOAT) ? Kind.NUMBER : tag.equals(Tag.BOOL) ? Kind.BOOLEAN : null;
        boolean fits = kind != null
                && (shape.kinds().contains(kind)
                        || kind == Kind.INTEGER && shape.kinds().contains(Kind.NUMBER));
        if (!fits) {
            boolean quoting = kind != null && shape.kinds().contains(Kind.STRING);
            return wrong(node, name, shape.expected() + (quoting ? " (put it in quotes)" : ""));
        }
        if (kind == Kind.STRING && !shape.words().isEmpty() && !shape.words().contains(text)
                || kind == Kind.STRING && !shape.pattern().isEmpty() && !Pattern.matches(shape.pattern(), text)) {
            return wrong(node, name, shape.expected());
        }
        try {
            if (kind == Kind.INTEGER || kind == Kind.NUMBER) {
                double number = Double.parseDouble(text); // rejects 0x10 and the like
                if (!(number >= shape.least() && number <= shape.most())) {
                    return wrong(node, name, shape.expected());
                }
            }
            return new Value(shape.parse().apply(text), line(node));
        } catch (NumberFormatException e) {
            return wrong(node, name, shape.expected());
        } catch (IllegalArgumentException e) {
            mistake(line(node), name + ": " + e.getMessage());
            return null;
        }
    }

    private Value sequence(SequenceNode node, ListOf shape, String name) {
        if (node.getValue().isEmpty()) {
            return wrong(node, name, "at least one element");
        }
        List<Value> values = new ArrayList<>();
        for (Node element : node.getValue()) {
            Value value = value(element, shape.element(), name);
            if (value != null) {
                values.add(value);
            }
        }
        return new Value(List.copyOf(values), line(node));
    }

    private Value section(MappingNode node, Section shape, String name) {
        YamlSection section = new YamlSection(line(node));
        Map<String, Integer> seen = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String key = keyNode instanceof ScalarNode plain ? plain.getValue() : describe(keyNode);
            Integer before = seen.putIfAbsent(key, line(keyNode));
            Shape.Key known = shape.key(key);
            if (before != null) {
                mistake(line(keyNode), "'" + key + "' is already on line " + before);
            } else if (known == null) {
                mistake(line(keyNode), "unknown key '" + key + "'" + hint(key, shape));
            } else {
                section.mention(key, line(keyNode));
                Value value = value(tuple.getValueNode(), known.shape(), key);
                if (value != null) {
                    section.put(key, value);
                }
            }
        }
        for (Shape.Key key : shape.keys()) {
            if (key.required() && !seen.containsKey(key.name())) {
                mistake(line(node), name + ": '" + key.name() + "' is missing");
            }
        }
        long given = shape.exactlyOne().stream().filter(seen::containsKey).count();
        if (!shape.exactlyOne().isEmpty() && given != 1) {
            mistake(
                    line(node),
                    name + ": expected exactly one of " + String.join(", ", shape.exactlyOne()) + ", found "
                            + (given == 0 ? "none" : given));
        }
        return new Value(section, line(node));
    }

    private static String hint(String key, Section shape) {
        String best = "";
        int least = 3;
        for (Shape.Key known : shape.keys()) {
            int distance = distance(key, known.name());
            if (distance < least) {
                least = distance;
                best = known.name();
            }
        }
        if (!best.isEmpty()) {
            return "; did you mean '" + best + "'?";
        }
        List<String> names = shape.keys().stream().map(Shape.Key::name).toList();
        return "; expected one of " + String.join(", ", names);
    }

    /** Returns the Levenshtein distance of two words. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[to.length()];
    }
}
