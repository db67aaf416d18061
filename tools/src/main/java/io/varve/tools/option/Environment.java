package io.varve.tools.option;

import io.varve.store.cache.CacheDirectory;
import java.nio.file.Path;

/**
 * What an environment variable says where an option was not given, to the letter: picocli would replace what looks like
 * a variable of its own in it, and a command for the shell is full of those. Set to nothing, a variable counts as not
 * set.
 */
public final class Environment {
    private Environment() {}

    static String text(String given, String variable) {
        return given == null ? value(variable) : given;
    }

    public static Path path(Path given, String variable) {
        String value = given == null ? value(variable) : null;
        return value == null ? given : Path.of(value);
    }

    private static String value(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A command line for the platform's shell, to be started without the passphrases in this environment. */
    public static ProcessBuilder shell(String command) {
        return withoutSecrets(new ProcessBuilder(
                CacheDirectory.isWindows()
                        ? new String[] {"cmd.exe", "/c", command}
                        : new String[] {"/bin/sh", "-c", command}));
    }

    private static ProcessBuilder withoutSecrets(ProcessBuilder process) {
        process.environment().keySet().removeIf(name -> name.matches("VARVE_((TO|FROM|HOST)_)?PASSWORD"));
        return process;
    }
}
