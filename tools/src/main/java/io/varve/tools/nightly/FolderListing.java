package io.varve.tools.nightly;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The access to folders that the plan of a night needs. */
interface FolderListing {
    /** Returns the entries of a folder, sorted by name. */
    List<Path> entries(Path folder) throws IOException;

    boolean isFolder(Path path);

    boolean exists(Path path);

    /** Returns the listing of folders of this computer. */
    static FolderListing ofThisComputer() {
        return new FolderListing() {
            @Override
            public List<Path> entries(Path folder) throws IOException {
                List<Path> entries = new ArrayList<>();
                try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                    stream.forEach(entries::add);
                } catch (java.nio.file.DirectoryIteratorException e) {
                    throw e.getCause();
                }
                entries.sort(null);
                return entries;
            }

            @Override
            public boolean isFolder(Path path) {
                return Files.isDirectory(path);
            }

            @Override
            public boolean exists(Path path) {
                return Files.exists(path);
            }
        };
    }
}
