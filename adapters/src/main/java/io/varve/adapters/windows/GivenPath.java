package io.varve.adapters.windows;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A path as an operator wrote it. Whether it is one is checked at once; where the volume that it may name by its GUID
 * is mounted is asked when the path is used, so that a file of settings is good or bad whatever is mounted while it is
 * read.
 *
 * @param text as {@link VolumePaths} takes it
 */
public record GivenPath(String text) {
    /** @throws InvalidPathException when it is no path */
    public GivenPath {
        VolumePaths.form(text);
    }

    public static GivenPath of(Path path) {
        return new GivenPath(path.toString());
    }

    /** Without {@code ..} in it, as far as that can be done without asking for its volume. */
    public GivenPath normalized() {
        return VolumePaths.namesVolume(text) ? this : of(VolumePaths.form(text).normalize());
    }

    /** Whether no working directory has a part in it. */
    public boolean isAbsolute() {
        return VolumePaths.form(text).isAbsolute();
    }

    /**
     * For opening it.
     *
     * @throws InvalidPathException when its volume is mounted nowhere
     */
    public Path path() {
        return VolumePaths.of(text);
    }

    /** What an operator calls it. */
    @Override
    public String toString() {
        return VolumePaths.namesVolume(text) ? text : VolumePaths.form(text).toString();
    }
}
