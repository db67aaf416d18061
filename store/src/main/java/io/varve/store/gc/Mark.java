package io.varve.store.gc;

import io.varve.store.CorruptDataException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSet;
import io.varve.store.map.PageSource;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.List;

/**
 * Finds what snapshots need, from their manifests downward, reading every distinct map page once, however many
 * snapshots share it. Heap: 24 to 48 bytes per distinct page.
 */
final class Mark {
    private final PageSource pages;
    private final ChunkSink live;
    private final PageSet visited = new PageSet();

    private Mark(PageSource pages, ChunkSink live) {
        this.pages = pages;
        this.live = live;
    }

    /**
     * Gives {@code live} everything that {@code snapshots} need, some of it more than once.
     *
     * @return distinct map pages
     * @throws CorruptDataException when a page cannot be read: what lies below it is not known, so nothing may be
     *     collected
     */
    static long run(List<Snapshot> snapshots, PageSource pages, ChunkSink live, Runnable progress) throws IOException {
        Mark mark = new Mark(pages, live);
        for (Snapshot snapshot : snapshots) {
            for (DiskRecord disk : snapshot.manifest().disks()) {
                MapShape shape = MapShape.of(disk.size(), disk.blockSize());
                try {
                    mark.page(disk.mapRoot(), shape.rootLevel());
                } catch (CorruptDataException e) {
                    throw new CorruptDataException(
                            e.file(),
                            e.offset(),
                            "the block map of disk " + disk.name() + " of " + snapshot.id() + " (" + e.expected() + ")",
                            e.found() + "; nothing was collected. Run 'varve fsck'; if the snapshot was brought back by"
                                    + " hand, 'varve gc --undo' lets condemned packs count again");
                }
            }
            for (FileRecord file : snapshot.manifest().files()) {
                file.pieces().forEach(mark::chunk);
            }
            progress.run();
        }
        return mark.visited.count();
    }

    private void chunk(ChunkId id) {
        if (!id.isZero()) {
            live.add(id);
        }
    }

    private void page(ChunkId id, int level) throws IOException {
        if (id.isZero() || !visited.add(id)) {
            return;
        }
        live.add(id);
        MapPage page = pages.page(id, level);
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            if (level == 0) {
                chunk(page.id(entry));
            } else {
                page(page.id(entry), level - 1);
            }
        }
    }
}
