package io.varve.tools.option;

import io.varve.adapters.file.PlainFile;
import io.varve.adapters.windows.VolumePaths;
import io.varve.engine.port.CheckpointFile;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The configuration files of a {@code backup} command: {@code NAME=PATH}. */
public final class FileArguments {
    private FileArguments() {}

    /** Parses and checks the arguments, before any file is opened. */
    public static List<CheckpointFile> parse(List<String> arguments) throws UsageException {
        List<CheckpointFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String argument : arguments) {
            PlainFile file = parse(argument);
            if (!names.add(file.name())) {
                throw new UsageException("--file: two files are called '" + Printable.name(file.name()) + "'");
            }
            files.add(file);
        }
        return List.copyOf(files);
    }

    private static PlainFile parse(String argument) throws UsageException {
        int equals = argument.indexOf('=');
        if (equals < 1) {
            throw new UsageException("--file " + argument + ": expected NAME=PATH, as in web1.xml=/etc/vm/web1.xml");
        }
        String name = argument.substring(0, equals);
        Optional<String> fault = NameRule.fault(name);
        if (fault.isPresent()) {
            throw new UsageException("--file: the name '" + Printable.name(name) + "' " + fault.get());
        }
        try {
            Path path = VolumePaths.of(argument.substring(equals + 1));
            if (!Files.isRegularFile(path)) {
                throw new UsageException(
                        "--file: " + path + (Files.exists(path) ? ": is not a regular file" : ": no such file"));
            }
            return new PlainFile(name, path);
        } catch (InvalidPathException e) {
            throw new UsageException(
                    "--file: '" + argument.substring(equals + 1) + "' is not a path: " + e.getReason());
        }
    }
}
