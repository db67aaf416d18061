package io.varve.store.trash;

import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Counts the collections that have deleted packs, in the name of an object. If an index finds that packs are gone, the
 * number tells whether a collection may have deleted them or whether they were lost.
 */
public final class Generation {
    private static final String DIRECTORY = "trash";
    private static final String PREFIX = DIRECTORY + "/generation-";

    private Generation() {}

    /** Whether an object of this name holds the number. */
    public static boolean isObjectName(String name) {
        return name.startsWith(PREFIX) && name.substring(PREFIX.length()).matches("[0-9]{9}");
    }

    /** Returns the number of collections that have deleted packs; 0 before the first. */
    public static int current(Backend backend) throws IOException {
        return numbers(backend).stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static List<Integer> numbers(Backend backend) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (isObjectName(name)) {
                numbers.add(Integer.parseInt(name.substring(PREFIX.length())));
            }
        });
        return numbers;
    }

    /** Increments the number, before the first pack is deleted. Only for the holder of the right to collect. */
    public static void advance(Backend backend) throws IOException {
        List<Integer> earlier = numbers(backend);
        int next = earlier.stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        try {
            WholeObject.publish(
                    backend,
                    name(next),
                    SealedJson.encode(SealedJson.newObject().put("format", 1)));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(name(next) + ": another collection is running", e);
        }
        for (int number : earlier) {
            try {
                backend.delete(name(number));
            } catch (NoSuchFileException e) {
                // Done before.
            }
        }
    }

    private static String name(int number) {
        return PREFIX + String.format(Locale.ROOT, "%09d", number);
    }
}
