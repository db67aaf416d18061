package io.varve.tools.output;

import io.varve.store.RepositoryConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Version of this program. */
public final class Version implements IVersionProvider {
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Day of the state that this program was built from, in UTC: 2026-11-29; today, where the build does not say. */
    public static String date() {
        Properties build = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("build.properties")) {
            build.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties in the jar cannot be read", e);
        }
        try {
            return OffsetDateTime.parse(build.getProperty("timestamp"))
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toLocalDate()
                    .toString();
        } catch (DateTimeParseException e) {
            return LocalDate.now(ZoneOffset.UTC).toString(); // not built by Maven
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "varve " + number() + " (repository format " + RepositoryConfig.FORMAT + ", Java "
                    + Runtime.version().feature() + ")"
        };
    }
}
