package io.varve.engine.source;

import io.varve.engine.range.RangeSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A host with one machine of one disk, which outlives every process that backs it up: the disk goes on being written,
 * checkpoints freeze it, reference points remember what was written since. A checkpoint can be turned into a reference
 * point, as in Hyper-V. Another product has one of each, which nobody may touch.
 */
public final class MemoryHost {
    static final UUID MACHINE = UUID.fromString("6f1d1c5e-0000-4000-8000-000000000001");
    static final UUID DISK = UUID.fromString("6f1d1c5e-0000-4000-8000-000000000002");
    static final String FOREIGN = "another product";

    final UUID diskGuid;
    final byte[] disk = new byte[200_000];
    private final Map<String, byte[]> frozen = new LinkedHashMap<>();
    private final Map<String, RangeSet> written = new LinkedHashMap<>();
    private final Map<String, RangeSet> referencePoints = new LinkedHashMap<>();

    MemoryHost() {
        this(DISK);
    }

    /** @param diskGuid of its disk */
    public MemoryHost(UUID diskGuid) {
        this.diskGuid = diskGuid;
        checkpoint(FOREIGN);
        referencePoints.put(FOREIGN, RangeSet.empty());
    }

    /** Writes up to 9,000 bytes somewhere. */
    public void write(SplittableRandom random) {
        byte[] content = new byte[1 + random.nextInt(9000)];
        random.nextBytes(content);
        write(random.nextInt(disk.length - content.length), content);
    }

    /** A copy of the disk's content. */
    public byte[] content() {
        return disk.clone();
    }

    private void write(int offset, byte[] content) {
        System.arraycopy(content, 0, disk, offset, content.length);
        RangeSet part = new RangeSet.Builder()
                .add(offset, (long) offset + content.length)
                .build();
        written.replaceAll((mark, before) -> before.union(part));
        referencePoints.replaceAll((mark, before) -> before.union(part));
    }

    byte[] checkpoint(String mark) {
        frozen.put(mark, disk.clone());
        written.put(mark, RangeSet.empty());
        return frozen.get(mark);
    }

    void removeCheckpoint(String mark) {
        frozen.remove(mark);
        written.remove(mark);
    }

    void convert(String mark) {
        referencePoints.put(mark, written.get(mark));
        removeCheckpoint(mark);
    }

    void removeReferencePoint(String mark) {
        referencePoints.remove(mark);
    }

    /** What was written since each reference point. */
    Map<String, RangeSet> changes() {
        return Map.copyOf(referencePoints);
    }

    /** Marks of what lies there, the other product's left out. */
    public List<String> checkpoints() {
        return own(frozen);
    }

    public List<String> referencePoints() {
        return own(referencePoints);
    }

    public boolean foreignIsThere() {
        return frozen.containsKey(FOREIGN) && referencePoints.containsKey(FOREIGN);
    }

    private static List<String> own(Map<String, ?> things) {
        List<String> own = new ArrayList<>(things.keySet());
        own.remove(FOREIGN);
        return own;
    }
}
