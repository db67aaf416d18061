package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.MapWalk.Leaf;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ChunkReader.Wanted;
import io.varve.store.session.PageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads many leaves at once, in the order of their places in the packs. For one thread at a time. */
final class LeafReader {
    private final ChunkReader chunks;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MapShape.FAN_OUT * MapPage.SIZE);

    LeafReader(Repository repository, PagePlaces places) {
        this.chunks = new ChunkReader(repository, places);
    }

    /** Receives every leaf that could be read. */
    @FunctionalInterface
    interface Reader {
        void leaf(Leaf leaf, MapPage page) throws IOException;
    }

    /** Receives every other leaf. */
    @FunctionalInterface
    interface DamageReader {
        void damaged(Leaf leaf, CorruptDataException why);
    }

    /** @param leaves at most 256 */
    void read(List<Leaf> leaves, Reader reader, DamageReader damageReader) throws IOException {
        List<Wanted> wanted = new ArrayList<>(leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            wanted.add(new Wanted(leaves.get(i).id(), page(i), i));
        }
        Set<Integer> damaged = new HashSet<>();
        try {
            chunks.readAll(wanted, (chunk, why) -> {
                damaged.add(chunk.tag());
                damageReader.damaged(leaves.get(chunk.tag()), why);
            });
        } catch (LockedRepositoryException e) {
            oneByOne(wanted, leaves, damaged, damageReader);
        }
        for (int i = 0; i < leaves.size(); i++) {
            if (!damaged.contains(i)) {
                try {
                    reader.leaf(leaves.get(i), PageReader.decode(leaves.get(i).id(), 0, page(i)));
                } catch (CorruptDataException e) {
                    damageReader.damaged(leaves.get(i), e);
                }
            }
        }
    }

    private ByteBuffer page(int number) {
        return buffer.slice(number * MapPage.SIZE, MapPage.SIZE);
    }

    /** One of them is a sealed chunk, and so not a page; reading them one by one shows which. */
    private void oneByOne(List<Wanted> wanted, List<Leaf> leaves, Set<Integer> damaged, DamageReader damageReader)
            throws IOException {
        for (Wanted chunk : wanted) {
            try {
                chunks.read(chunk.id(), page(chunk.tag()));
            } catch (LockedRepositoryException e) {
                if (damaged.add(chunk.tag())) {
                    damageReader.damaged(leaves.get(chunk.tag()), PageReader.notAPage(chunk.id()));
                }
            } catch (CorruptDataException e) {
                if (damaged.add(chunk.tag())) {
                    damageReader.damaged(leaves.get(chunk.tag()), e);
                }
            }
        }
    }
}
