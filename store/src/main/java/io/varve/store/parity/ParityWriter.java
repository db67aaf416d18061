package io.varve.store.parity;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.pack.PackFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;

/**
 * Computes the parity of published packs and publishes it. Reads each pack once. For one thread. Heap: 8 MiB with the
 * default pack size, at most 20 MiB.
 */
public final class ParityWriter {
    private final Backend backend;
    private final int percent;

    /** @param percent approximate size of the parity as a percentage of the pack */
    public ParityWriter(Backend backend, int percent) {
        this.backend = backend;
        this.percent = percent;
    }

    /** Writes the parity of {@code pack}, unless it exists. @return its size in bytes; 0 if it existed */
    public long write(ChunkId pack) throws IOException {
        String name = PackFormat.objectName(pack);
        ParityLayout layout = ParityLayout.of(backend.size(name), percent);
        ParityHead head = new ParityHead(pack, layout);
        ByteBuffer table = ByteBuffer.allocate(head.tableLength()).order(ByteOrder.LITTLE_ENDIAN);
        StripeCode code = new StripeCode((layout.sectors() + layout.stripes() - 1) / layout.stripes());
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(head.encode()));
            int[] sums = new int[layout.groupWidth(0) * ParityLayout.SECTOR];
            byte[] run = new byte[layout.groupWidth(0) * ParityLayout.SECTOR];
            for (int first = 0; first < layout.stripes(); first += ParityLayout.GROUP) {
                sum(name, layout, code, first, run, sums, table);
                append(object, layout, first, sums, run, table);
            }
            object.append(table.duplicate().clear());
            object.append(table.duplicate().clear());
            object.append(ByteBuffer.wrap(head.encode()));
            object.publish(Parity.objectName(pack));
            return object.length();
        } catch (FileAlreadyExistsException e) {
            return 0; // its parity was written before
        }
    }

    /** Reads the sectors of a group of stripes column by column: the sectors of a column are adjacent in the pack. */
    private void sum(
            String name, ParityLayout layout, StripeCode code, int first, byte[] run, int[] sums, ByteBuffer table)
            throws IOException {
        int width = layout.groupWidth(first);
        Arrays.fill(sums, 0);
        for (int column = 0, from = first;
                from < layout.sectors();
                column++, from = column * layout.stripes() + first) {
            int count = Math.min(width, layout.sectors() - from);
            long offset = (long) from * ParityLayout.SECTOR;
            int length = (int) Math.min((long) count * ParityLayout.SECTOR, layout.packLength() - offset);
            backend.read(name, offset, ByteBuffer.wrap(run, 0, length));
            Arrays.fill(run, length, count * ParityLayout.SECTOR, (byte) 0);
            for (int i = 0; i < count; i++) {
                table.putLong(8 * (from + i), XxHash.hash64(run, i * ParityLayout.SECTOR, ParityLayout.SECTOR));
            }
            code.add(column, run, 0, count * ParityLayout.SECTOR, sums, 0);
        }
    }

    private static void append(
            ObjectWriter object, ParityLayout layout, int first, int[] sums, byte[] sectors, ByteBuffer table)
            throws IOException {
        int length = layout.groupWidth(first) * ParityLayout.SECTOR;
        for (int q = 0; q < StripeCode.PARITY; q++) {
            StripeCode.unpack(sums, 0, q, sectors, length);
            int position = layout.sectors() + layout.position(first, q);
            for (int i = 0; i < layout.groupWidth(first); i++) {
                table.putLong(8 * (position + i), XxHash.hash64(sectors, i * ParityLayout.SECTOR, ParityLayout.SECTOR));
            }
            object.append(ByteBuffer.wrap(sectors, 0, length));
        }
    }
}
