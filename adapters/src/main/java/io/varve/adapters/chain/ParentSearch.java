package io.varve.adapters.chain;

import io.varve.engine.port.SourceFolder;
import java.util.List;

/**
 * Where parents of differencing disks may be searched for. The paths in a disk come from its author and are not
 * trusted, so without {@code allowOutside} only paths that stay inside the child's folder are followed. Paths to other
 * hosts, devices and alternate streams are never followed. A file is accepted as parent only if it has the identity
 * that the child expects (in a VHDX the DataWriteGuid, in a VHD the unique id).
 *
 * @param folders additional folders, for parents that were moved or renamed; searched first for the names in the child,
 *     then for the identity among all files of the child's format
 * @param allowOutside whether to follow paths that lead out of the child's folder
 */
public record ParentSearch(List<SourceFolder> folders, boolean allowOutside) {
    public ParentSearch {
        folders = List.copyOf(folders);
    }

    /** Searches in the child's folder only. */
    public static ParentSearch sameFolder() {
        return new ParentSearch(List.of(), false);
    }
}
