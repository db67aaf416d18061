package io.varve.tools.command;

import io.varve.adapters.DiskImages;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** An image file where a raw one was expected. */
final class Container {
    private Container() {}

    /** Refuses to write over an image file: what remained would be neither the image nor the disk. */
    static void refuse(Path target, DiskRecord disk, ReadSession session) throws IOException {
        Optional<String> container = DiskImages.container(target, beginning(disk, session));
        if (container.isPresent()) {
            throw new UsageException(target + ": expected a raw file or a device, found "
                    + container.get() + " by its content or name, which --in-place would overwrite."
                    + " Restore to a new file, or rename this one if it is raw; nothing was written");
        }
    }

    private static byte[] beginning(DiskRecord disk, ReadSession session) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(DiskImages.tellingLength(), disk.size()));
        try (SnapshotImage image = new SnapshotImage(session, disk, disk.name())) {
            image.read(0, start);
        } catch (CorruptDataException e) {
            start.clear(); // treated as unrecognizable; the restore itself reports the damage
        }
        return start.array();
    }
}
