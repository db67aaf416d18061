package io.varve.engine.port;

import java.io.IOException;
import java.util.List;

/**
 * A folder with files of disks, from which the names in these files lead to others. The names come from disk images and
 * are not trusted; the caller has split them into parts. A folder resolves only names of its own host: a folder on a
 * share those of its server, a local folder those of its drives. Immutable; for any number of threads.
 */
public interface SourceFolder {
    /** Its name in messages: a path or URL. */
    String location();

    /** The result of looking for a file. */
    sealed interface Lookup {
        /** @param file its folder is the one it is in after resolving links */
        record Found(SourceFile file) implements Lookup {}

        /**
         * There is no such file, or it must not be used.
         *
         * @param reason for the operator, with the place that was searched
         */
        record Missing(String reason) implements Lookup {}

        /**
         * The name is not followed; nothing was searched.
         *
         * @param reason for the operator, to be appended to the name and a colon
         */
        record Refused(String reason) implements Lookup {}

        /**
         * Whether there is such a file is unknown.
         *
         * @param why marked as {@link TransportFailure}
         */
        record Failed(IOException why) implements Lookup {}
    }

    /**
     * Follows names from this folder on. If no file has exactly that name, a file whose name differs only in case is
     * taken, as in Windows, if there is only one. Never throws, whether or not it finds a file.
     *
     * @param names at least one: folders and last a file, each a plain name or {@code ..}
     * @param inside whether the file must be in this folder or below it, also after resolving links
     */
    Lookup find(List<String> names, boolean inside);

    /**
     * As {@link #find}, from the root of a drive of the host that wrote the name.
     *
     * @param drive upper-case letter
     */
    default Lookup findOnDrive(String drive, List<String> names, boolean inside) {
        return new Lookup.Refused("has no meaning on this system");
    }

    /**
     * As {@link #find}, from the root of a share. Following such a name to a host chosen by the author of the image
     * would send him the user's credentials, so it is refused unless the folder itself is on that host.
     */
    default Lookup findOnShare(String host, String share, List<String> names, boolean inside) {
        return new Lookup.Refused("refused because it leads to another host");
    }

    /**
     * The files in it, without those in subfolders, by name.
     *
     * @throws IOException when it cannot be listed
     */
    List<SourceFile> list() throws IOException;
}
