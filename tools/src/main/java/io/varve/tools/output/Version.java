package io.varve.tools.output;

import io.varve.store.RepositoryConfig;
import picocli.CommandLine.IVersionProvider;

/** Version of this program. */
public final class Version implements IVersionProvider {
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "varve " + number() + " (repository format " + RepositoryConfig.FORMAT + ", Java "
                    + Runtime.version().feature() + ")"
        };
    }
}
