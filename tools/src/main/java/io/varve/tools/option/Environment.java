package io.varve.tools.option;

import io.varve.store.cache.CacheDirectory;
import java.nio.file.Path;

/**
 * Values of environment variables for options that were not given, exactly as they are. picocli would replace text that
 * looks like one of its own variables, and shell commands contain such text. An empty variable counts as not set.
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

    /** Returns a command line for the platform's shell. It will run without the passphrases in this environment. */
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
