package io.varve.tools.configuration;

import static io.varve.tools.yaml.Shape.Key.optional;
import static io.varve.tools.yaml.Shape.Key.required;

import io.varve.tools.yaml.Shape.ListOf;
import io.varve.tools.yaml.Shape.Scalar;
import io.varve.tools.yaml.Shape.Section;
import java.util.function.Function;

/** What may be in a configuration file. */
final class ConfigurationShape {
    /** Title of the schema. */
    static final String TITLE = "Configuration file of Varve";

    private static final Scalar NAME = Scalar.text(
            "a name of letters, digits, '.', '_' and '-'", "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", Function.identity());
    private static final Scalar PATH = Scalar.absolutePath();
    private static final Scalar PLACE =
            Scalar.text("an absolute path, or s3://BUCKET/PREFIX", "", RepositoryPlace::ofFile);

    private static final Section REPOSITORY = new Section(
            required("name", NAME, "Its name, for -r @NAME."),
            required("path", PLACE, "The repository: a path, or s3://BUCKET/PREFIX."),
            optional("key-file", PATH, "Key file of an encrypted repository."),
            optional("password-file", PATH, "File whose first line is the passphrase."),
            optional(
                    "password-command",
                    Scalar.text("a text", "", Function.identity()),
                    "Command that prints the passphrase."));

    static final Section FILE = new Section(
            optional("default", NAME, "Repository to use where neither -r nor VARVE_REPO names one."),
            required("repositories", new ListOf(REPOSITORY), "The repositories that have a name."));

    private ConfigurationShape() {}
}
