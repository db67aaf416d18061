package io.varve.tools.option;

import io.varve.tools.output.Output;
import io.varve.tools.output.ProgressMode;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How progress is shown, for commands that may take long. */
public final class ProgressOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--progress",
            paramLabel = "HOW",
            converter = Converter.class,
            description = "auto, bar, lines (one a minute), json (JSON lines) or none, on standard error. Default:"
                    + " bar on a terminal, lines elsewhere, none with --json or -q.")
    private ProgressMode mode = ProgressMode.AUTO;

    @Option(names = "--no-progress", description = "The same as --progress none.")
    private boolean none;

    static final class Converter implements ITypeConverter<ProgressMode> {
        @Override
        public ProgressMode convert(String text) {
            try {
                return ProgressMode.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("expected auto, bar, lines, json or none, found '" + text + "'");
            }
        }
    }

    /** Must be called before the work of the command begins. */
    public void applyTo(Output output) {
        String name = command.qualifiedName().replaceFirst("^varve ", "");
        output.showProgress(none ? ProgressMode.NONE : mode, name);
    }
}
