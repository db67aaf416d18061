package io.varve.tools.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The password of an account on a host: from a file, or from the environment. Never on the command line. */
public final class HostPassword {
    /** The variable that holds it. */
    public static final String VARIABLE = "VARVE_HOST_PASSWORD";

    /** The variable that names its file. */
    public static final String FILE_VARIABLE = "VARVE_HOST_PASSWORD_FILE";

    private HostPassword() {}

    /**
     * Its characters; the caller wipes them.
     *
     * @param given the option, or null
     */
    public static Optional<char[]> find(Path given) throws IOException {
        Path file = Environment.path(given, FILE_VARIABLE);
        if (file != null) {
            return Optional.of(Passphrases.lineOf(file));
        }
        String value = Environment.text(null, VARIABLE);
        return Optional.ofNullable(value).map(String::toCharArray);
    }
}
