package io.varve.adapters.rsvd;

import io.varve.adapters.smb.wire.CreateContext;
import io.varve.engine.port.WindowsGuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A server with one VHD set, behind the control codes and reads of an open: by the specification, in memory. It works
 * on bytes alone, with none of the product's encoders, and computes changes by comparing contents.
 */
final class SetServer implements DiskOpen.Opener {
    static final int INVALID_PARAMETER = 0xC000000D;
    private static final int SECTOR = 512;
    private static final int GRAIN = 4096;

    final UUID diskId = UUID.randomUUID();
    byte[] content;

    /** Snapshots by id, oldest first. */
    final Map<UUID, byte[]> snapshots = new LinkedHashMap<>();

    /** Contents as of snapshots that were deleted with their reference kept. */
    final Map<UUID, byte[]> references = new HashMap<>();

    /** Those that were begun and not completed. */
    private final Set<UUID> begun = new LinkedHashSet<>();

    int opens;
    boolean isSet = true;
    int support = 7;
    boolean keepsReferences = true;
    boolean answersFromReferences = true;
    int rangesOfAnAnswer = 3;
    long bytesRead;
    int readStatus; // of the next read; 0 for success
    byte[] sense = new byte[0];

    /** What happens before each request; may throw. */
    Step step = what -> {};

    @FunctionalInterface
    interface Step {
        void take(String what) throws IOException;
    }

    SetServer(byte[] content) {
        this.content = content;
    }

    @Override
    public DiskOpen open(CreateContext context) throws IOException {
        step.take("open");
        ByteBuffer data = ByteBuffer.wrap(context.data()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] seen = content;
        if (context.isNamed("ExtA")) {
            UUID id = WindowsGuid.get(data, 41);
            seen = snapshots.get(id);
            if (seen == null) {
                throw new IOException("no snapshot " + id);
            }
        } else if (data.limit() != 192) {
            throw new IOException("no open context");
        } else {
            data.putInt(168, 1)
                    .putInt(172, 2)
                    .putInt(176, SECTOR)
                    .putInt(180, 4096)
                    .putLong(184, content.length);
        }
        opens++;
        return new Open(this, data.array(), context.isNamed("ExtA") ? seen : null);
    }

    private static final class Open implements DiskOpen {
        private final SetServer server;
        private final byte[] answer;
        private final byte[] frozen; // null for the live disk

        Open(SetServer server, byte[] answer, byte[] frozen) {
            this.server = server;
            this.answer = answer;
            this.frozen = frozen;
        }

        @Override
        public List<CreateContext> contexts() {
            return frozen != null
                    ? List.of()
                    : List.of(new CreateContext(
                            java.util.HexFormat.of().parseHex("9CCBCF9E04C1E643980E158DA1F6EC83"), answer));
        }

        @Override
        public Answer control(int code, byte[] input, int mostOutput) throws IOException {
            ByteBuffer output = server.control(code, input);
            if (output.limit() > mostOutput) {
                return new Answer(0x80000005, output.limit(mostOutput));
            }
            return new Answer(0, output);
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            server.step.take("read");
            if (offset % SECTOR != 0 || target.remaining() % SECTOR != 0 || target.remaining() > mostRead()) {
                return INVALID_PARAMETER;
            }
            if (server.readStatus != 0) {
                int status = server.readStatus;
                server.readStatus = 0;
                return status;
            }
            int length = target.remaining();
            server.bytesRead += length;
            target.put(frozen == null ? server.content : frozen, (int) offset, length);
            return 0;
        }

        @Override
        public int mostRead() {
            return 65536;
        }

        @Override
        public int mostOutput() {
            return 65536;
        }

        @Override
        public void close() {
            server.opens--;
        }
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer control(int code, byte[] input) throws IOException {
        if (code == 0x00090300) {
            return bytes(8).putInt(0, support).putInt(4, 3);
        }
        ByteBuffer request = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        int operation = request.getInt(0);
        step.take(Integer.toHexString(operation));
        ByteBuffer payload = request.slice(16, input.length - 16).order(ByteOrder.LITTLE_ENDIAN);
        Object answer = operation(operation, payload);
        ByteBuffer output = bytes(16 + (answer instanceof ByteBuffer body ? body.limit() : 0));
        output.putInt(0, operation).putLong(8, request.getLong(8));
        if (answer instanceof ByteBuffer body) {
            output.put(16, body, 0, body.limit());
        } else {
            output.putInt(4, (Integer) answer);
        }
        return output;
    }

    /** @return the answer's payload, or the status of a failure */
    private Object operation(int code, ByteBuffer payload) throws IOException {
        return switch (code) {
            case 0x02001001 ->
                bytes(24).putInt(0, 2).putInt(4, SECTOR).putInt(8, 4096).putLong(16, content.length);
            case 0x02001004 -> senseAnswer(payload.get(0));
            case 0x02001005 -> {
                ByteBuffer facts =
                        bytes(56).putInt(0, 3).putInt(4, isSet ? 4 : 3).putInt(8, 32 << 20);
                WindowsGuid.put(facts, 40, diskId);
                yield facts;
            }
            case 0x02002101 -> create(payload);
            case 0x02002005 -> payload.getInt(0) == 2 ? list() : entry(WindowsGuid.get(payload, 8));
            case 0x02002006 -> delete(WindowsGuid.get(payload, 0), payload.getInt(16) != 0);
            case 0x0200200C -> changes(payload);
            default -> INVALID_PARAMETER;
        };
    }

    private ByteBuffer senseAnswer(byte key) {
        ByteBuffer answer =
                bytes(24).put(0, key).put(1, (byte) 0x86).put(2, (byte) 2).put(3, (byte) sense.length);
        return answer.put(4, sense);
    }

    private Object create(ByteBuffer payload) {
        UUID id = WindowsGuid.get(payload, 56);
        int stage = payload.getInt(32);
        boolean tracks = payload.getInt(28) == 1;
        if (payload.limit() < 76 || payload.getInt(16) != 1 || payload.getInt(24) != 1 || stage == 1 != tracks) {
            return INVALID_PARAMETER;
        }
        if (stage == 1) {
            return begun.add(id) ? bytes(0) : INVALID_PARAMETER;
        }
        int[] stages = {payload.getInt(32), payload.getInt(36), payload.getInt(40), payload.getInt(44)};
        if (!Arrays.equals(stages, new int[] {2, 3, 4, 5}) || !begun.remove(id)) {
            return INVALID_PARAMETER;
        }
        snapshots.put(id, content.clone());
        return bytes(0);
    }

    private ByteBuffer list() {
        ByteBuffer list =
                bytes(16 + 16 * snapshots.size()).putInt(0, 2).put(8, (byte) 1).putInt(12, snapshots.size());
        int at = 16;
        for (UUID id : snapshots.keySet()) {
            WindowsGuid.put(list, at, id);
            at += 16;
        }
        return list;
    }

    private Object entry(UUID id) {
        if (!snapshots.containsKey(id)) {
            return INVALID_PARAMETER;
        }
        ByteBuffer entry = bytes(72).putInt(0, 5).putInt(16, 1).putInt(20, 1);
        WindowsGuid.put(entry, 24, id);
        return entry;
    }

    private Object delete(UUID id, boolean keep) {
        if (keep && !keepsReferences || !snapshots.containsKey(id)) {
            return INVALID_PARAMETER;
        }
        byte[] gone = snapshots.remove(id);
        if (keep) {
            references.put(id, gone);
        }
        return bytes(0);
    }

    private Object changes(ByteBuffer payload) {
        byte[] newer = snapshots.get(WindowsGuid.get(payload, 0));
        UUID limit = WindowsGuid.get(payload, 16);
        byte[] older = snapshots.get(limit);
        if (older == null && answersFromReferences) {
            older = references.get(limit);
        }
        if (newer == null || older == null || payload.getInt(32) != 1) {
            return INVALID_PARAMETER;
        }
        long from = payload.getLong(40);
        long end = from + payload.getLong(48);
        List<long[]> ranges = new ArrayList<>();
        long at = from;
        for (; at < end && ranges.size() < rangesOfAnAnswer; at += GRAIN) {
            int stop = (int) Math.min(end, at + GRAIN);
            if (!Arrays.equals(newer, (int) at, stop, older, (int) at, stop)) {
                ranges.add(new long[] {at, stop - at});
            }
        }
        ByteBuffer answer = bytes(16 + 24 * ranges.size())
                .putLong(0, Math.min(at, end) - from)
                .putInt(8, ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            answer.putLong(16 + 24 * i, ranges.get(i)[0]).putLong(24 + 24 * i, ranges.get(i)[1]);
        }
        return answer;
    }
}
