package io.varve.tools;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Names that this locale cannot express. The JVM puts the same replacement character for every byte it does not know,
 * so different files and machines would become one.
 */
final class ArgumentEncoding {
    private static final String REPLACEMENT = "\uFFFD";

    private ArgumentEncoding() {}

    /** What is wrong with the arguments or with {@code directory}, the working one; empty if nothing is. */
    static Optional<String> fault(String directory, String... arguments) {
        String remedy = ", found other bytes: set LC_ALL to an installed UTF-8 locale (C.UTF-8), or"
                + " rename what is named in another encoding";
        String expected = ": expected text in " + System.getProperty("sun.jnu.encoding");
        Optional<String> argument =
                Stream.of(arguments).filter(text -> text.contains(REPLACEMENT)).findFirst();
        if (argument.isPresent()) {
            return Optional.of("argument '" + argument.get() + "'" + expected + remedy);
        }
        return directory.contains(REPLACEMENT) && !isThere(directory)
                ? Optional.of("working directory '" + directory + "'" + expected + remedy)
                : Optional.empty();
    }

    private static boolean isThere(String directory) {
        try {
            return Files.isDirectory(Path.of(directory));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
