package io.varve.engine.port;

import java.io.IOException;
import java.util.List;

/**
 * A folder in which files of disks lie, and from which the names in them lead to others. Names come out of disk images,
 * whose authors need not be friends; who asks has taken them apart already. A folder answers for what is its own: one
 * on a share knows the names of its host, one of this host those of its drives. Immutable; for any number of threads.
 */
public interface SourceFolder {
    /** What an operator would call it in a message: a path or URL. */
    String location();

    /** What came of looking for a file. */
    sealed interface Lookup {
        /** @param file whose folder is the one it really lies in */
        record Found(SourceFile file) implements Lookup {}

        /**
         * There is no such file, or it must not be used.
         *
         * @param reason in words, with the place that was looked at
         */
        record Missing(String reason) implements Lookup {}

        /**
         * The name is not followed; nothing was looked at.
         *
         * @param reason in words, to stand behind the name and a colon
         */
        record Refused(String reason) implements Lookup {}
    }

    /**
     * Follows names from this folder on. Where no file has exactly that name, the only one counts that differs in case
     * alone, as in Windows. Never throws for what it finds or does not find.
     *
     * @param names at least one: of folders and last of a file, each a plain name or {@code ..}
     * @param inside whether the file must lie in this folder or below it, links included
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
     * As {@link #find}, from the root of a share. Whoever follows one to a host that the name's author chose sends him
     * the user's credentials; so only a folder that lies on that very host answers otherwise.
     */
    default Lookup findOnShare(String host, String share, List<String> names, boolean inside) {
        return new Lookup.Refused("refused because it leads to another host");
    }

    /**
     * The files in it, without those in folders below, by name.
     *
     * @throws IOException when it cannot be listed
     */
    List<SourceFile> list() throws IOException;
}
