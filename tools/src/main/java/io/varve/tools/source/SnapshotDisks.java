package io.varve.tools.source;

import io.varve.adapters.hyperv.EarlierContent;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Repository;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Disks of the repository's snapshots, for sources that only have what changed since one of them. */
record SnapshotDisks(Repository repository, Consumer<String> notices) implements EarlierContent {
    @Override
    public DiskImage open(String snapshotId, UUID disk) throws IOException {
        Snapshot snapshot = repository.snapshots().list().snapshots().stream()
                .filter(each -> each.id().text().equals(snapshotId))
                .findFirst()
                .orElseThrow(() -> new IOException("snapshot " + snapshotId + " is gone from the repository"));
        List<DiskRecord> records = snapshot.manifest().disks().stream()
                .filter(record -> record.guid().equals(Optional.of(disk)))
                .toList();
        if (records.size() != 1) {
            throw new IOException(
                    "snapshot " + snapshotId + ": expected one disk " + disk + ", found " + records.size());
        }
        ReadSession session = ReadSession.open(repository, notices);
        try {
            return new Image(session, new SnapshotImage(session, records.get(0), snapshotId));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static final class Image extends ForwardingImage {
        private final ReadSession session;

        Image(ReadSession session, SnapshotImage image) {
            super(image);
            this.session = session;
        }

        @Override
        public void close() throws IOException {
            try (session) {
                super.close();
            }
        }
    }
}
