package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.MapWalk;
import io.varve.store.map.PageSet;
import io.varve.store.map.PageSource;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.List;

/**
 * Finds the chunks that snapshots need, from their manifests downward. Hardly any map page is read twice, however many
 * snapshots share it. Heap: at most a sixteenth of the total, for the pages visited.
 */
final class Mark {
    private final PageSource pages;
    private final ChunkSink live;
    private final Step step;

    private Mark(PageSource pages, ChunkSink live, Step step) {
        this.pages = pages;
        this.live = live;
        this.step = step;
    }

    /** Called after each step; may end the marking by throwing. */
    @FunctionalInterface
    interface Step {
        void done() throws IOException;
    }

    /**
     * Passes every chunk that {@code snapshots} need to {@code live}, some more than once.
     *
     * @param page called before each map page
     * @return distinct map pages
     * @throws CorruptDataException when a page is damaged: the chunks below it are unknown, so nothing may be collected
     */
    static long run(List<Snapshot> snapshots, PageSource pages, ChunkSink live, Step snapshotDone, Step page)
            throws IOException {
        Mark mark = new Mark(pages, live, page);
        MapWalk walk = new MapWalk(new PageSet());
        for (Snapshot snapshot : snapshots) {
            for (DiskRecord disk : snapshot.manifest().disks()) {
                MapShape shape = MapShape.of(disk.size(), disk.blockSize());
                try {
                    walk.walk(
                            snapshot.manifest().machine() + '/' + disk.number(),
                            disk.mapRoot(),
                            shape,
                            mark.new Visitor(shape));
                } catch (CorruptDataException e) {
                    throw new CorruptDataException(
                            e.file(),
                            e.offset(),
                            "the block map of disk " + disk.name() + " of " + snapshot.id() + " (" + e.expected() + ")",
                            e.found() + "; nothing was collected. Run 'varve fsck'; if the snapshot was"
                                    + " brought back by hand, 'varve gc --undo' reinstates condemned packs");
                }
            }
            for (FileRecord file : snapshot.manifest().files()) {
                file.pieces().forEach(mark::chunk);
            }
            snapshotDone.done();
        }
        return walk.pages();
    }

    private void chunk(ChunkId id) {
        if (!id.isZero()) {
            live.add(id);
        }
    }

    private final class Visitor implements MapWalk.Visitor {
        private final MapShape shape;

        Visitor(MapShape shape) {
            this.shape = shape;
        }

        @Override
        public MapPage inner(ChunkId id, int level, long index) throws IOException {
            step.done();
            live.add(id);
            MapPage page = pages.page(id, level);
            shape.check(page, index, "map page " + id.hex());
            return page;
        }

        @Override
        public MapPage again(ChunkId id, int level) throws IOException {
            return pages.page(id, level);
        }

        @Override
        public void leaves(List<MapWalk.Leaf> leaves) throws IOException {
            for (MapWalk.Leaf leaf : leaves) {
                MapPage page = inner(leaf.id(), 0, leaf.index());
                for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                    chunk(page.id(entry));
                }
            }
        }
    }
}
