package io.varve.adapters.chain;

import io.varve.engine.port.SourceFolder;
import java.util.List;

/**
 * Where parents of differencing disks may be looked for. The paths that a disk names its parent by come from the disk's
 * author, who need not be a friend; so without {@code allowOutside} only those that stay in the child's own folder, or
 * below it, are followed. Paths to other hosts, of devices and of alternate streams never are. Wherever a file lies, it
 * is a parent only if its identity (of a VHDX the DataWriteGuid, of a VHD the unique id) is the one the child wants.
 *
 * @param folders where to look besides, first for the names the child gives, then for the identity among all files of
 *     the child's format: for parents that were moved or renamed
 * @param allowOutside whether to follow paths that lead out of the child's folder
 */
public record ParentSearch(List<SourceFolder> folders, boolean allowOutside) {
    public ParentSearch {
        folders = List.copyOf(folders);
    }

    /** In the child's folder only. */
    public static ParentSearch sameFolder() {
        return new ParentSearch(List.of(), false);
    }
}
