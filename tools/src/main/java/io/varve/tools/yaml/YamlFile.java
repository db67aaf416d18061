package io.varve.tools.yaml;

import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A file in YAML that an operator writes, and what he is told if it cannot be used. */
public final class YamlFile {
    private static final int LONGEST = 4 << 20;

    private YamlFile() {}

    /** What is in it. */
    public static String text(Path file) throws UsageException {
        try {
            if (Files.size(file) > LONGEST) {
                throw new UsageException(file + ": expected at most " + LONGEST + " bytes, found " + Files.size(file));
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new UsageException(file + ": expected UTF-8, found other bytes");
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new UsageException(Reason.of(e));
        }
    }

    /** A file with mistakes: all of them, each with its line. */
    public static UsageException refused(Path file, List<Mistake> mistakes) {
        return new UsageException(Count.of(mistakes.size(), "mistake") + " in " + file
                + "; nothing was done\n"
                + mistakes.stream()
                        .map(mistake -> "  line " + mistake.line() + ": " + Printable.name(mistake.message()))
                        .collect(Collectors.joining("\n")));
    }
}
