package io.varve.adapters.hyperv.standin;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk of a machine: real VHDX files, and the history of what was written when. While a checkpoint exists, writes go
 * to the newest file; merging moves them to its parent.
 */
public final class StandInDisk {
    private static final int BLOCK = 1 << 20;
    private static final int GRANULE = 4096;

    /** A file of the disk. */
    static final class Layer {
        final Path file;
        private UUID dataWriteGuid = UUID.randomUUID();
        private RangeSet written = RangeSet.of();

        private Layer(Path file) {
            this.file = file;
        }
    }

    private record Write(long moment, Range range) {}

    final UUID id;
    int place;
    final List<Layer> layers = new ArrayList<>(); // the oldest first
    private byte[] content;
    private final List<Write> history = new ArrayList<>();
    private final Map<String, Long> moments = new LinkedHashMap<>();
    private long moment;
    private int names;
    private boolean forgot;
    private boolean isSet;
    private boolean keepsItsFile;
    private Optional<Path> set = Optional.empty();

    StandInDisk(Path file, int size, int place, UUID id) throws IOException {
        this.id = id;
        this.place = place;
        this.content = new byte[size];
        layers.add(new Layer(file));
        save(layers.get(0));
    }

    /** A file that is there, opened as a host does: it gets a new DataWriteGuid. */
    StandInDisk(Path file, int place) throws IOException {
        this.place = place;
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT)) {
            this.id = image.guid().orElseThrow();
            ByteBuffer read = ByteBuffer.allocate(Math.toIntExact(image.size()));
            image.read(0, read);
            this.content = read.array();
        }
        layers.add(new Layer(file));
        save(layers.get(0));
    }

    public UUID id() {
        return id;
    }

    public byte[] content() {
        return content.clone();
    }

    int size() {
        return content.length;
    }

    /** Files of the disk, the newest first. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (int i = layers.size() - 1; i >= 0; i--) {
            files.add(layers.get(i).file);
        }
        return files;
    }

    Layer leaf() {
        return layers.get(layers.size() - 1);
    }

    /** What the guest does. */
    public void write(int offset, byte[] bytes) throws IOException {
        write(List.of(offset), bytes);
    }

    /** What the guest does at several places before anything else happens. */
    public void write(List<Integer> offsets, byte[] bytes) throws IOException {
        for (int offset : offsets) {
            remember(offset, bytes);
        }
        save(leaf());
    }

    private void remember(int offset, byte[] bytes) {
        System.arraycopy(bytes, 0, content, offset, bytes.length);
        long from = offset / GRANULE * (long) GRANULE;
        long end = Math.min(content.length, (offset + bytes.length + GRANULE - 1L) / GRANULE * GRANULE);
        Range range = new Range(from, end - from);
        history.add(new Write(++moment, range));
        leaf().written = leaf().written.union(RangeSet.of(range));
    }

    /** Puts an older state back, as applying a checkpoint does: nothing is recorded as changed. */
    public void revert(byte[] older) throws IOException {
        System.arraycopy(older, 0, content, 0, content.length);
        Layer applied = new Layer(leaf().file.resolveSibling("applied-" + UUID.randomUUID() + ".avhdx"));
        Files.deleteIfExists(leaf().file);
        layers.set(layers.size() - 1, applied);
        if (layers.size() == 1) {
            save(applied);
        } else {
            applied.written = RangeSet.of(new Range(0, content.length));
            save(applied);
        }
    }

    private void save(Layer layer) throws IOException {
        int depth = layers.indexOf(layer);
        layer.dataWriteGuid = UUID.randomUUID();
        NewVhdx shape = NewVhdx.ofSize(content.length)
                .withBlockSize(BLOCK)
                .withDiskId(id)
                .withDataWriteGuid(layer.dataWriteGuid);
        if (depth == 0) {
            try (DiskTarget target = VhdxTarget.create(layer.file, shape, true)) {
                target.write(0, ByteBuffer.wrap(content));
                target.commit();
            }
            return;
        }
        Layer parent = layers.get(depth - 1);
        NewVhdx child = shape.asChildOf(NewParent.at(parent.file, layer.file, parent.dataWriteGuid));
        try (DiskTarget target = VhdxDifferenceTarget.create(layer.file, child, true)) {
            for (Range range : layer.written) {
                target.write(range.offset(), ByteBuffer.wrap(content, (int) range.offset(), (int) range.length()));
            }
            target.commit();
        }
    }

    /** Freezes the newest file. @return it */
    Layer freeze() throws IOException {
        Layer frozen = leaf();
        if (keepsItsFile) {
            return frozen;
        }
        String name = layers.get(0).file.getFileName().toString().replace(".vhdx", "");
        Layer next = new Layer(frozen.file.resolveSibling(name + "_" + UUID.randomUUID() + ".avhdx"));
        layers.add(next);
        save(next);
        return frozen;
    }

    long moment() {
        return moment;
    }

    /** Names a moment for change tracking. */
    String name(long at) {
        String changeId = "rctX:" + id.toString().substring(0, 8) + ":" + UUID.randomUUID() + ":" + ++names;
        moments.put(changeId, at);
        return changeId;
    }

    /** Makes it larger; only without checkpoints, as Hyper-V wants it. */
    public void resize(int size) throws IOException {
        if (layers.size() > 1) {
            throw new IllegalStateException("a disk with checkpoints cannot be resized");
        }
        content = Arrays.copyOf(content, size);
        save(leaf());
    }

    /**
     * Opens the file as a machine does that starts: somebody may have written to it. If its DataWriteGuid is another
     * one, change tracking begins anew.
     */
    public void open() throws IOException {
        try (VhdxDisk disk = VhdxDisk.open(ByteSources.open(leaf().file, Reader.DIRECT))) {
            ByteBuffer read = ByteBuffer.allocate(content.length);
            disk.read(0, read);
            content = read.array();
            if (!disk.dataWriteGuid().equals(leaf().dataWriteGuid)) {
                forget();
            }
        }
        save(leaf());
    }

    /** From now on the host says that it is a VHD set. */
    public void share() {
        isSet = true;
    }

    /** As {@link #share}; the file has the same path when it is frozen, as that of a set has. */
    public void shareUnderOneName() {
        keepsItsFile = true;
        share();
    }

    /** As {@link #share}, with another file; only without checkpoints. */
    public void share(Path elsewhere) throws IOException {
        Files.move(leaf().file, elsewhere);
        layers.set(0, new Layer(elsewhere));
        save(leaf());
        share();
    }

    boolean isSet() {
        return isSet;
    }

    /**
     * As {@link #share(Path)}; machines that are frozen together find its frozen state by an id. The data is in files
     * beside the set's own.
     */
    public void shareInGroup(Path vhds) throws IOException {
        String stem = vhds.getFileName().toString().replace(".vhds", "");
        share(vhds.resolveSibling(stem + "_data.avhdx"));
        set = Optional.of(Files.writeString(vhds, "a small file that names the others"));
    }

    /** The set's own file. */
    Optional<Path> set() {
        return set;
    }

    /** What the host calls a frozen file of it. */
    static String snapshotId(Layer layer) {
        return UUID.nameUUIDFromBytes(layer.file.toString().getBytes(StandardCharsets.UTF_8)) + "-"
                + layer.dataWriteGuid;
    }

    /** Loses all change tracking; it begins anew. */
    public void forget() {
        forgot = true;
        moments.clear();
        history.clear();
    }

    boolean hasForgotten() {
        return forgot;
    }

    boolean knows(String changeId) {
        return moments.containsKey(changeId);
    }

    RangeSet changes(String changeId, long until) {
        long since = moments.get(changeId);
        return RangeSet.of(history.stream()
                .filter(write -> write.moment() > since && write.moment() <= until)
                .map(Write::range)
                .toList());
    }

    /** Moves what the file above a frozen one holds into it. @return the file above, which is gone now */
    Optional<Layer> merge(Layer frozen) throws IOException {
        int at = layers.indexOf(frozen);
        if (at < 0 || at == layers.size() - 1) {
            return Optional.empty();
        }
        Layer above = layers.remove(at + 1);
        frozen.written = frozen.written.union(above.written);
        Files.deleteIfExists(above.file);
        for (Layer layer : List.copyOf(layers.subList(at, layers.size()))) {
            save(layer); // whoever had the merged file as its parent has another one now
        }
        return Optional.of(above);
    }
}
