package io.varve.adapters.vhdx.format;

import io.varve.engine.range.Range;
import java.util.Optional;

/**
 * One thing that {@code VhdxCheck} found in a file.
 *
 * @param code short and stable, for scripts: {@code bat-overlap} …
 * @param structure part of the file it is about: {@code headers}, {@code BAT} …
 * @param file as the operator knows it
 * @param offset where in the file it is, in bytes; -1 when it is nowhere in particular
 * @param expected what a sound file has there; empty where nothing particular is expected
 * @param found what is there
 * @param virtualRange the part of the virtual disk that cannot be read because of it; empty when it is none, or all
 */
public record VhdxFinding(
        Severity severity,
        String code,
        String structure,
        String file,
        long offset,
        String expected,
        String found,
        Optional<Range> virtualRange) {
    /** How bad it is; the worst comes last. */
    public enum Severity {
        /** Worth knowing, nothing is wrong. */
        INFO,
        /** The disk can be read, but no conforming writer would leave the file so. */
        WARNING,
        /** The file is refused: data is lost or would be wrong. */
        ERROR
    }
}
