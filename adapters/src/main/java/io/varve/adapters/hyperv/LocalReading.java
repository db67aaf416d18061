package io.varve.adapters.hyperv;

import io.varve.adapters.file.Reader;
import io.varve.adapters.virtdisk.RctDisk;
import io.varve.adapters.virtdisk.RctLosses;
import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * On the host itself: files are read by the formats' own readers, and {@code virtdisk.dll} is asked what changed
 * (reading way {@code win32}). The reader is compared with what Windows reads; where they differ, Windows reads.
 */
public final class LocalReading implements DiskReading {
    private final MountedReading files;
    private final HyperV host;
    private final HostPaths paths;
    private final Virtdisk virtdisk;
    private final HyperVWords words;
    private Optional<RctLosses> losses = Optional.empty();

    /** @param paths where this computer finds the host's files */
    public LocalReading(HyperV host, HostPaths paths, Virtdisk virtdisk, HyperVWords words) {
        this.files = new MountedReading(host, paths, Reader.AUTO);
        this.host = host;
        this.paths = paths;
        this.virtdisk = virtdisk;
        this.words = words;
    }

    /**
     * Detaches what a crash left attached, and reads the event log, in which Windows says that it lost track of
     * changes.
     */
    @Override
    public void begin(Frozen frozen) throws IOException {
        virtdisk.freeLeft(words.notices());
        losses = Optional.of(RctLosses.read(frozen.before(), words.notices()));
    }

    @Override
    public Optional<String> state() {
        return losses.flatMap(RctLosses::state);
    }

    @Override
    public Opened open(CheckpointedDisk disk) throws IOException {
        if (disk.set().isPresent()) {
            return files.open(disk); // Windows' own functions do not know shared disks
        }
        Path file = paths.here(disk.file());
        DiskImage image = files.open(disk).image();
        try {
            RctDisk asked = RctDisk.over(
                    image, file, virtdisk, text -> words.warnings().accept("rct-reads-differ", text), words.notices());
            ChangeTracker tracker = losses.isPresent()
                    ? losses.get().guard(asked.tracker(), HostChain.of(host, disk.file()))
                    : asked.tracker();
            return new Opened(asked, tracker);
        } catch (IOException | RuntimeException e) {
            try {
                image.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    @Override
    public boolean isThere(String path) throws IOException {
        return files.isThere(path);
    }

    @Override
    public List<CheckpointFile> configuration(String path) throws IOException {
        return files.configuration(path);
    }
}
