package io.varve.tools.option;

import java.nio.file.Path;

/**
 * What an environment variable says where an option was not given, to the letter: picocli would replace what looks like
 * a variable of its own in it, and a command for the shell is full of those.
 */
public final class Environment {
    private Environment() {}

    static String text(String given, String variable) {
        return given == null ? System.getenv(variable) : given;
    }

    public static Path path(Path given, String variable) {
        String value = given == null ? System.getenv(variable) : null;
        return value == null ? given : Path.of(value);
    }
}
