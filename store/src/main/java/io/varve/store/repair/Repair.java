package io.varve.store.repair;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.pack.PackFormat;
import io.varve.store.parity.MendedPack;
import io.varve.store.session.WriteSession;
import io.varve.store.trash.CondemnedLists;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes a damaged repository usable again, without editing any file in place. Reads every pack and moves damaged ones
 * to {@code quarantine/}. Packs with enough parity are rebuilt byte for byte; of the others, the intact frames are
 * copied into new packs. Lost chunks count as absent afterwards. The next backup of a disk that needs one reads the
 * whole disk and stores the chunk again, if the disk still has it.
 *
 * <p>A crash at any moment leaves a damaged pack where it was, or in quarantine. Running the repair again continues.
 */
public final class Repair {
    private static final String QUARANTINE = "quarantine";

    /** The suffix in {@code quarantine/} of a pack that was moved there more than once. */
    private static final Pattern NUMBER = Pattern.compile("\\.[0-9]+$");

    private static final int COPIED_AT_ONCE = 1 << 20;

    private final WriteSession session;
    private final Backend backend;
    private final PackScan scan;
    private final Listener listener;
    /** The result of {@link #plan}: damaged packs, and the chunks that can be saved from them. */
    private final Set<ChunkId> damagedPacks = new HashSet<>();

    private final Set<ChunkId> salvageable = new HashSet<>();
    private int rebuilt;

    /** Receives progress, from the thread that runs the repair. */
    public interface Listener {
        /** @param packs that will be read */
        void started(int packs);

        void packDone();

        /** A damaged pack was found. */
        void damaged(DamagedPack pack);

        /** A damaged pack was moved to {@code quarantine/}. */
        default void moved() {}

        /** Called between packs. Throws an exception to stop the repair; running it again continues. */
        default void check() throws IOException {}
    }

    /**
     * The damage of one pack.
     *
     * @param footerReadable whether the footer could be read; without it the ids of lost chunks are unknown
     * @param soundFrames number of frames that can be saved
     * @param lost chunks that cannot be saved
     * @param rebuildable whether parity can restore the whole pack; then nothing is lost
     */
    public record DamagedPack(
            ChunkId pack, boolean footerReadable, int soundFrames, List<ChunkId> lost, boolean rebuildable) {}

    /** @param session open, used for nothing else meanwhile */
    public Repair(WriteSession session, Listener listener) {
        this.session = session;
        this.backend = session.repository().backend();
        this.scan = new PackScan(backend);
        this.listener = listener;
    }

    /** Reads every byte of every pack. Changes nothing. */
    public List<DamagedPack> plan() throws IOException {
        List<DamagedPack> damaged = new ArrayList<>();
        List<ChunkId> packs = List.copyOf(new CondemnedLists(backend).usablePacks());
        listener.started(packs.size());
        for (ChunkId pack : packs) {
            listener.check();
            if (!scan.scan(pack, (header, payload) -> {}).isSound()) {
                DamagedPack found = damagedPack(pack);
                damaged.add(found);
                listener.damaged(found);
            }
            listener.packDone();
        }
        return damaged;
    }

    private DamagedPack damagedPack(ChunkId pack) throws IOException {
        String object = PackFormat.objectName(pack);
        Optional<MendedPack> mended = mend(object, pack);
        List<ChunkId> sound = new ArrayList<>();
        PackScan best = mended.isPresent() ? new PackScan(mended.get()) : scan;
        PackScan.Result result = best.scan(pack, (header, payload) -> sound.add(header.id()));
        salvageable.addAll(sound);
        damagedPacks.add(pack);
        return new DamagedPack(
                pack, result.footer(), result.soundFrames(), result.lost(), mended.isPresent() && result.isSound());
    }

    /** Returns the pack as restored from parity; empty if it has no readable parity. */
    private Optional<MendedPack> mend(String object, ChunkId pack) throws IOException {
        try {
            return Optional.of(MendedPack.of(backend, object, pack));
        } catch (NoSuchFileException | CorruptDataException e) {
            return Optional.empty();
        }
    }

    /**
     * Moves {@code damaged} packs to quarantine. Then saves every intact chunk in quarantine that no pack has,
     * including those of packs that an interrupted repair moved there.
     *
     * @return number of chunks saved
     */
    public long apply(List<DamagedPack> damaged) throws IOException {
        // Moved first, because the chunks saved from a pack may form the same pack again, under the same name.
        for (DamagedPack pack : damaged) {
            listener.check();
            quarantine(pack.pack());
            listener.moved();
        }
        ChunkIndex index = session.index();
        index.catchUp(backend, (done, total) -> {});
        List<String> quarantined = new ArrayList<>();
        backend.list(QUARANTINE, (name, size) -> {
            if (packOf(name).isPresent()) {
                quarantined.add(name);
            }
        });
        for (String object : quarantined) {
            listener.check();
            rebuild(object, index);
        }
        index.catchUp(backend, (done, total) -> {});
        Set<ChunkId> saved = new HashSet<>();
        for (String object : quarantined) {
            listener.check();
            Optional<MendedPack> mended = mend(object, packOf(object).orElseThrow());
            PackScan best = mended.isPresent() ? new PackScan(mended.get()) : scan;
            best.scan(object, (header, payload) -> {
                if (index.find(header.id()) == null && saved.add(header.id())) {
                    session.copy(header, payload);
                }
            });
        }
        session.finishPacks();
        damagedPacks.clear();
        salvageable.clear();
        return saved.size();
    }

    /** Number of packs that {@link #apply} has rebuilt from parity. */
    public int rebuiltPacks() {
        return rebuilt;
    }

    /** Returns the pack that a file in quarantine was; empty for a file that Varve did not put there. */
    private static Optional<ChunkId> packOf(String quarantined) {
        String name = quarantined.substring(QUARANTINE.length() + 1);
        try {
            return Optional.of(ChunkId.parse(NUMBER.matcher(name).replaceFirst("")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Publishes a quarantined pack in its original form, if all of it can be restored and it has a chunk that no other
     * pack has.
     */
    private void rebuild(String object, ChunkIndex index) throws IOException {
        Optional<ChunkId> pack = packOf(object);
        if (pack.isEmpty() || backend.exists(PackFormat.objectName(pack.get()))) {
            return;
        }
        Optional<MendedPack> mended = mend(object, pack.get());
        if (mended.isEmpty()) {
            return;
        }
        boolean[] needed = new boolean[1];
        PackScan.Result result = new PackScan(mended.get())
                .scan(pack.get(), (header, payload) -> needed[0] |= index.find(header.id()) == null);
        if (result.isSound() && needed[0]) {
            publish(mended.get(), object, PackFormat.objectName(pack.get()));
            rebuilt++;
        }
    }

    /**
     * Whether a chunk is lost. Before {@link #apply}: no pack has it, or only its damaged frame in a pack that
     * {@link #plan} reported. Afterwards: no pack has it.
     */
    public boolean isLost(ChunkId id) throws IOException {
        Place place = session.find(id);
        return (place == null || damagedPacks.contains(place.packId())) && !salvageable.contains(id);
    }

    private void quarantine(ChunkId pack) throws IOException {
        String name = PackFormat.objectName(pack);
        String target = QUARANTINE + "/" + pack.hex();
        int number = 1;
        while (true) {
            try {
                backend.move(name, target);
                return;
            } catch (FileAlreadyExistsException e) {
                // The file in quarantine has the state of an earlier time, so it says nothing about the present pack.
                number++;
                target = QUARANTINE + "/" + pack.hex() + "." + number;
            }
        }
    }

    private void publish(MendedPack pack, String name, String target) throws IOException {
        long size = pack.size(name);
        ByteBuffer piece = ByteBuffer.allocateDirect(COPIED_AT_ONCE);
        try (ObjectWriter copy = backend.create()) {
            for (long offset = 0; offset < size; offset += piece.capacity()) {
                int length = (int) Math.min(piece.capacity(), size - offset);
                pack.read(name, offset, piece.clear().limit(length));
                copy.append(piece.flip());
            }
            copy.publish(target);
        }
    }
}
