package io.varve.store.parity;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ReadOnlyBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A damaged pack as it was before, as far as its parity allows. It is read like an object, with computed sectors in
 * place of damaged ones; nothing is written. Sectors are verified by their hashes only, so readers must still verify
 * footer and frames. For one thread. Heap: the computed sectors, at most the size of the parity.
 */
public final class MendedPack extends ReadOnlyBackend {
    private final Backend backend;
    private final String object;
    private final ParityReader parity;
    private final ParityLayout layout;
    private final Map<Integer, byte[]> computed = new HashMap<>();
    private int lost;

    private MendedPack(Backend backend, String object, ParityReader parity) {
        this.backend = backend;
        this.object = object;
        this.parity = parity;
        this.layout = parity.layout();
    }

    /**
     * Reads a whole pack and computes its damaged sectors.
     *
     * @param object object that holds the pack, which need not be the one that the pack's id names
     * @throws NoSuchFileException if the pack has no parity
     * @throws CorruptDataException if the parity cannot be read at all
     */
    public static MendedPack of(Backend backend, String object, ChunkId pack) throws IOException {
        MendedPack mended = new MendedPack(backend, object, ParityReader.open(backend, pack));
        mended.mend();
        return mended;
    }

    /** Verifies every byte of a parity object, but not that it matches the pack. */
    public static void checkParity(Backend backend, ChunkId pack) throws IOException {
        ParityReader.open(backend, pack).checkAll();
    }

    /** Number of damaged sectors that were computed. */
    public int computedSectors() {
        return computed.size();
    }

    /**
     * Number of damaged sectors that could not be computed, because their stripes have too many. They are read as they
     * are.
     */
    public int lostSectors() {
        return lost;
    }

    private void mend() throws IOException {
        BitSet bad = new BitSet();
        byte[] sector = new byte[ParityLayout.SECTOR];
        for (int index = 0; index < layout.sectors(); index++) {
            if (!readSound(index, sector)) {
                bad.set(index);
            }
        }
        StripeCode code = new StripeCode((layout.sectors() + layout.stripes() - 1) / layout.stripes());
        BitSet done = new BitSet();
        for (int index = bad.nextSetBit(0); index >= 0; index = bad.nextSetBit(index + 1)) {
            int stripe = index % layout.stripes();
            if (!done.get(stripe)) {
                done.set(stripe);
                mend(code, stripe, bad);
            }
        }
    }

    /**
     * Fills {@code sector} with a sector of the pack, and with zeros past the end of the pack. @return whether it is
     * intact
     */
    private boolean readSound(int index, byte[] sector) throws IOException {
        int length = layout.length(index);
        Arrays.fill(sector, length, sector.length, (byte) 0);
        long offset = (long) index * ParityLayout.SECTOR;
        try {
            backend.read(object, offset, ByteBuffer.wrap(sector, 0, length));
        } catch (CorruptDataException e) {
            return false; // unreadable, or past the end of a truncated file
        }
        return parity.isSound(index, sector, 0);
    }

    private void mend(StripeCode code, int stripe, BitSet bad) throws IOException {
        int[] sums = new int[ParityLayout.SECTOR];
        byte[] sector = new byte[ParityLayout.SECTOR];
        int[] missing = new int[0];
        for (int column = 0, index = stripe; index < layout.sectors(); column++, index += layout.stripes()) {
            if (bad.get(index) || !readSound(index, sector)) {
                missing = Arrays.copyOf(missing, missing.length + 1);
                missing[missing.length - 1] = column;
            } else {
                code.add(column, sector, 0, sector.length, sums, 0);
            }
        }
        int[] parities = new int[missing.length];
        byte[][] contents = new byte[missing.length][];
        int found = 0;
        for (int q = 0; q < StripeCode.PARITY && found < missing.length; q++) {
            byte[] content = parity.parity(stripe, q);
            if (content != null) {
                parities[found] = q;
                contents[found++] = content;
            }
        }
        if (found < missing.length) {
            lost += missing.length;
            return;
        }
        byte[][] solved = code.solve(missing, parities, sums, contents);
        for (int i = 0; i < missing.length; i++) {
            int index = missing[i] * layout.stripes() + stripe;
            if (parity.isSound(index, solved[i], 0)) {
                computed.put(index, solved[i]);
            } else {
                lost++; // its hash is damaged in both tables, so the result cannot be verified
            }
        }
    }

    @Override
    public String location() {
        return backend.location();
    }

    /** @param name ignored, because there is only one object */
    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        if (target.remaining() > layout.packLength() - offset) {
            throw new CorruptDataException(object, offset, "a pack of " + layout.packLength() + " bytes", "its end");
        }
        long position = offset;
        while (target.hasRemaining()) {
            int index = (int) (position / ParityLayout.SECTOR);
            int within = (int) (position % ParityLayout.SECTOR);
            int length = Math.min(target.remaining(), ParityLayout.SECTOR - within);
            byte[] sector = computed.get(index);
            if (sector != null) {
                target.put(sector, within, length);
            } else {
                ByteBuffer piece = target.duplicate().limit(target.position() + length);
                backend.read(object, position, piece);
                target.position(target.position() + length);
            }
            position += length;
        }
    }

    @Override
    public long size(String name) {
        return layout.packLength();
    }

    @Override
    public boolean exists(String name) {
        return true;
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) {
        throw new UnsupportedOperationException("one object has no directory");
    }

    @Override
    public void listTop(NameVisitor visitor) {
        throw new UnsupportedOperationException("one object has no directory");
    }

    @Override
    public void close() {
        // The caller owns the backend.
    }
}
