package io.varve.store.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The repository's JSON files: canonical, and sealed by a digest of their own.
 *
 * <p>Canonical: UTF-8, sorted names, indentation of two spaces, line feeds, one at the end. Sealed: the field
 * {@code digest} is the SHA-256 of the file's bytes, computed with zeros in place of its 64 digits, so any flipped bit
 * is detected.
 */
public final class SealedJson {
    private static final String DIGEST = "digest";
    private static final String MAC = "mac";
    private static final String UNSEALED = "0".repeat(2 * ChunkId.SIZE);

    /** Largest file that is read, in bytes. A manifest of a machine with 64 disks has less than 100 KiB. */
    public static final int MAX_SIZE = 16 << 20;

    /** Deepest nesting believed. */
    static final int MAX_DEPTH = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_SIZE)
                            .build())
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .defaultPrettyPrinter(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")))
            .build();

    private SealedJson() {}

    public static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /**
     * Encodes {@code content}, which must have no field {@code digest}.
     *
     * @throws IllegalArgumentException if the file would exceed {@link #MAX_SIZE}
     */
    public static byte[] encode(ObjectNode content) {
        ObjectNode sealed = content.deepCopy().put(DIGEST, UNSEALED);
        byte[] unsealed = canonical(sealed);
        if (unsealed.length > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "a JSON file of " + unsealed.length + " bytes, more than the " + MAX_SIZE + " that can be read");
        }
        return canonical(sealed.put(DIGEST, digestOf(unsealed)));
    }

    /** Computes the 64 digits of a file's MAC from {@link #authenticatedBytes}. */
    @FunctionalInterface
    public interface Authenticator {
        String mac(byte[] authenticatedBytes);
    }

    /** As {@link #encode(ObjectNode)}, with a field {@code mac} that covers everything else. */
    public static byte[] encode(ObjectNode content, Authenticator authenticator) {
        ObjectNode authenticated = content.deepCopy();
        return encode(authenticated.put(MAC, authenticator.mac(authenticatedBytes(authenticated))));
    }

    /**
     * Returns the bytes that a MAC covers: the canonical file with zeros in place of the digits of {@code mac} and
     * {@code digest}.
     */
    public static byte[] authenticatedBytes(ObjectNode content) {
        return canonical(content.deepCopy().put(MAC, UNSEALED).put(DIGEST, UNSEALED));
    }

    /**
     * Decodes a file and checks its form and digest.
     *
     * @param name of the file, for messages
     */
    public static JsonFields decode(byte[] file, String name) throws CorruptDataException {
        JsonNode node;
        try {
            node = MAPPER.readTree(file);
        } catch (IOException e) {
            throw BrokenJson.in(name, e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new CorruptDataException(
                    name, 0, "a JSON object", node.isMissingNode() ? "nothing" : JsonFields.shown(node));
        }
        JsonFields fields = new JsonFields(object, name);
        String digest = fields.text(DIGEST);
        byte[] canonical = canonical(object);
        if (!java.util.Arrays.equals(canonical, file)) {
            int at = Math.max(0, java.util.Arrays.mismatch(canonical, file));
            throw new CorruptDataException(name, at, "canonical JSON (see docs/format.md)", "other bytes");
        }
        String actual = digestOf(canonical(object.deepCopy().put(DIGEST, UNSEALED)));
        if (!digest.equals(actual)) {
            throw new CorruptDataException(name, -1, "content with digest " + digest, "content with digest " + actual);
        }
        return fields;
    }

    private static byte[] canonical(ObjectNode node) {
        try {
            return (MAPPER.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }

    private static String digestOf(byte[] bytes) {
        return new ChunkHasher().id(bytes).hex();
    }
}
