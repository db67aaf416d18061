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
 * Makes a damaged repository usable again without editing anything in place: reads every pack, moves damaged ones to
 * {@code quarantine/}, and rebuilds those whose parity suffices, byte for byte; of the others it copies the sound
 * frames into new packs. Chunks that are lost count as absent afterwards: the next backup of a disk that needs one
 * reads the disk whole and stores it again, if the disk still has it.
 *
 * <p>A crash at any moment leaves a damaged pack where it was, or in quarantine; repairing again goes on.
 */
public final class Repair {
    private static final String QUARANTINE = "quarantine";

    /** Ends the name of a pack that was moved there more than once. */
    private static final Pattern NUMBER = Pattern.compile("\\.[0-9]+$");

    private static final int COPIED_AT_ONCE = 1 << 20;

    private final WriteSession session;
    private final Backend backend;
    private final PackScan scan;
    private final Listener listener;
    /** What was found by {@link #plan}: damaged packs, and chunks that can be saved from them. */
    private final Set<ChunkId> damagedPacks = new HashSet<>();

    private final Set<ChunkId> salvageable = new HashSet<>();
    private int rebuilt;

    /** Told how it goes, from the thread that runs it. */
    public interface Listener {
        /** @param packs that will be read */
        void started(int packs);

        void packDone();

        /** A pack that is damaged. */
        void damaged(DamagedPack pack);

        /** A damaged pack lies in {@code quarantine/} now. */
        default void moved() {}

        /** To be thrown when the repair shall end: asked between packs. Repairing again continues. */
        default void check() throws IOException {}
    }

    /**
     * What is wrong with one pack.
     *
     * @param footerReadable whether its table could be read; without it nobody can name what is lost
     * @param soundFrames frames that can be saved
     * @param lost chunks that cannot
     * @param rebuildable whether its parity gives back all of it; then nothing is lost
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

    /** Reads every byte of every pack and changes nothing. */
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

    /** What parity makes of a pack; empty where there is none that could be read. */
    private Optional<MendedPack> mend(String object, ChunkId pack) throws IOException {
        try {
            return Optional.of(MendedPack.of(backend, object, pack));
        } catch (NoSuchFileException | CorruptDataException e) {
            return Optional.empty();
        }
    }

    /**
     * Moves {@code damaged} packs to the quarantine, then saves what is sound in everything that lies there and is
     * nowhere else: also of packs that a repair moved which was interrupted.
     *
     * @return chunks saved
     */
    public long apply(List<DamagedPack> damaged) throws IOException {
        // First the move: what is saved of a pack may make the very pack again, under the same name.
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

    /** Packs that {@link #apply} has rebuilt from their parity. */
    public int rebuiltPacks() {
        return rebuilt;
    }

    /** Which pack it was; empty for something that somebody put there. */
    private static Optional<ChunkId> packOf(String quarantined) {
        String name = quarantined.substring(QUARANTINE.length() + 1);
        try {
            return Optional.of(ChunkId.parse(NUMBER.matcher(name).replaceFirst("")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Publishes a quarantined pack as it was, if all of it can be had, and something in it is nowhere else. */
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
     * Whether the repository has lost a chunk: no pack has it, or only a pack that {@link #plan} found damaged, in
     * which it is not sound. After {@link #apply} only the former.
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
                // What lies there was the pack at another time: neither says what the other one has.
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
