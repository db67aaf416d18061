package io.varve.adapters.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes a change list: a JSON array of objects with exactly the fields {@code offset} and {@code length}, both
 * integers, and nothing after it. Anything else is a {@link CorruptDataException} with the position in the file.
 *
 * <p>Memory: ranges are sorted and merged in batches of doubling size, which takes at most about four times 16 bytes
 * for each of {@value #MOST_RANGES} merged ranges: 128 MiB for the worst list, and a few KiB for an ordinary one.
 */
final class ChangeListFile {
    static final long LARGEST_FILE = 512L << 20;

    /** Most ranges after merging. If a disk changed in more places, reading it whole is better. */
    static final int MOST_RANGES = 1 << 21;

    private static final int BATCH = 1 << 16;

    /** Does not cache field names, because a hostile file could have any number of them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Path file;
    private final long diskSize;
    private final JsonParser json;
    private final long size;
    private final List<Range> batch = new ArrayList<>();

    /** Ranges merged so far. Each set has at least twice as many as the next. */
    private final List<RangeSet> merged = new ArrayList<>();

    private ChangeListFile(Path file, long size, long diskSize, JsonParser json) {
        this.file = file;
        this.size = size;
        this.diskSize = diskSize;
        this.json = json;
    }

    /**
     * @param diskSize every range must lie inside {@code [0, diskSize)}
     * @throws CorruptDataException if the file is not such a list, or has too many ranges
     * @throws IOException when it cannot be read
     */
    static RangeSet read(Path file, long diskSize) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new CorruptDataException(
                    file.toString(), -1, "a change list of at most " + LARGEST_FILE + " bytes", size + " bytes");
        }
        // Creating the parser already reads the first bytes to detect the encoding.
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = JSON.createParser(in)) {
            return new ChangeListFile(file, size, diskSize, json).array();
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            boolean ends = e instanceof JsonEOFException;
            throw new CorruptDataException(
                    file.toString(),
                    offset(at, size),
                    ends ? "a JSON array to its closing bracket" : "JSON",
                    ends ? "the end of the file" : "something else" + (at == null ? "" : " in line " + at.getLineNr()));
        } catch (CharConversionException e) {
            throw new CorruptDataException(file.toString(), -1, "JSON in UTF-8", "another encoding");
        }
    }

    private RangeSet array() throws IOException {
        expect(json.nextToken(), JsonToken.START_ARRAY, "an array of ranges");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_OBJECT, "a range {\"offset\": …, \"length\": …}");
            batch.add(range());
            if (batch.size() == BATCH) {
                merge();
            }
        }
        if (json.nextToken() != null) {
            throw wrong("the end of the file", "more");
        }
        merge();
        RangeSet all = RangeSet.empty();
        for (int i = merged.size() - 1; i >= 0; i--) {
            all = all.union(merged.get(i));
        }
        return all;
    }

    private void merge() throws CorruptDataException {
        RangeSet set = RangeSet.of(batch);
        batch.clear();
        while (!merged.isEmpty() && merged.get(merged.size() - 1).count() < 2 * set.count()) {
            set = set.union(merged.remove(merged.size() - 1));
        }
        merged.add(set);
        long count = merged.stream().mapToLong(RangeSet::count).sum();
        if (count > MOST_RANGES) {
            throw wrong("at most " + MOST_RANGES + " ranges", "more");
        }
    }

    private Range range() throws IOException {
        long offset = -1;
        long length = -1;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            expect(json.currentToken(), JsonToken.FIELD_NAME, "a field");
            String name = json.currentName();
            if (name.equals("offset") && offset < 0) {
                offset = number("an offset in the disk of " + diskSize + " bytes", 0);
            } else if (name.equals("length") && length < 0) {
                length = number("a length inside the disk of " + diskSize + " bytes", 1);
            } else {
                throw wrong("one field \"offset\" and one field \"length\"", "\"" + shortened(name) + "\"");
            }
        }
        if (offset < 0 || length < 0) {
            throw wrong("a range with offset and length", "one without " + (offset < 0 ? "offset" : "length"));
        }
        if (length > diskSize - offset) {
            throw wrong("a range inside the disk of " + diskSize + " bytes", "offset " + offset + ", length " + length);
        }
        return new Range(offset, length);
    }

    private long number(String expected, long least) throws IOException {
        expect(json.nextToken(), JsonToken.VALUE_NUMBER_INT, expected);
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw wrong(expected, shortened(json.getText()));
        }
        long value = json.getLongValue();
        if (value < least || value > diskSize) {
            throw wrong(expected, Long.toString(value));
        }
        return value;
    }

    private void expect(JsonToken found, JsonToken wanted, String expected) throws IOException {
        if (found != wanted) {
            throw wrong(expected, found == null ? "the end of the file" : shortened(json.getText()));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private CorruptDataException wrong(String expected, String found) {
        return new CorruptDataException(file.toString(), offset(json.currentTokenLocation(), size), expected, found);
    }

    /**
     * Jackson counts bytes or characters; in an ASCII list they are the same. If the file ends within a token, Jackson
     * counts too far.
     */
    private static long offset(JsonLocation location, long size) {
        return location == null ? -1 : Math.min(size, Math.max(location.getByteOffset(), location.getCharOffset()));
    }
}
