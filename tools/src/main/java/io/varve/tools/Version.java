package io.varve.tools;

import io.varve.store.RepositoryConfig;
import picocli.CommandLine.IVersionProvider;

/** Version of this program. */
final class Version implements IVersionProvider {
    static String number() {
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
