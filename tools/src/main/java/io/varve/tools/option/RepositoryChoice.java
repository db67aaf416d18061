package io.varve.tools.option;

import io.varve.tools.configuration.Configuration;
import io.varve.tools.configuration.NamedRepository;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.output.UsageException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The repository that a command works on.
 *
 * @param named its entry in a configuration file
 * @param origin what chose it, in words
 */
public record RepositoryChoice(RepositoryPlace place, Optional<NamedRepository> named, String origin) {
    private static final String VARIABLE = "VARVE_REPO";

    /**
     * Finds the repository given before or after the command; otherwise the one from {@code VARVE_REPO} or a
     * configuration file.
     *
     * @param given after the command; null if none is
     */
    public static Optional<RepositoryChoice> find(String given, CommandSpec spec) throws UsageException {
        String leading = LeadingOptions.of(spec).repository();
        if (given != null && leading != null) {
            throw new UsageException("-r is given twice: " + leading + " and " + given);
        }
        String chosen = given == null ? leading : given;
        if (chosen != null) {
            if (chosen.isEmpty()) {
                throw new UsageException("-r: expected a directory, s3://BUCKET/PREFIX or @NAME, found an empty name"
                        + " (an empty variable in a script?)");
            }
            return Optional.of(of(chosen, "-r"));
        }
        String variable = Environment.text(null, VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            return Optional.of(of(variable, VARIABLE));
        }
        return Configuration.read()
                .byDefault()
                .map(named -> new RepositoryChoice(
                        named.place(),
                        Optional.of(named),
                        "default repository @" + named.name() + " in " + named.source()));
    }

    /** As {@link #find}, for a command that needs a repository. */
    public static RepositoryChoice require(String given, CommandSpec spec) throws UsageException {
        return find(given, spec)
                .orElseThrow(() -> new UsageException(
                        "no repository given: use -r DIR, -r s3://BUCKET/PREFIX or -r @NAME, or set VARVE_REPO;"
                                + " 'varve help repository' has more"));
    }

    /** Resolves a directory, an address of a bucket, or a name from a configuration file. */
    public static RepositoryChoice of(String given) throws UsageException {
        return of(given, given);
    }

    private static RepositoryChoice of(String text, String origin) throws UsageException {
        if (!text.startsWith("@")) {
            return new RepositoryChoice(RepositoryPlace.of(text), Optional.empty(), origin);
        }
        NamedRepository named = Configuration.read().named(text.substring(1));
        String from = origin.equals(text) ? "" : origin + " ";
        return new RepositoryChoice(named.place(), Optional.of(named), from + text + " in " + named.source());
    }
}
