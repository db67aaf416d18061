package io.varve.adapters.rsvd;

import io.varve.adapters.rct.ChangePage;
import io.varve.adapters.rct.ChangeQuery;
import io.varve.adapters.rsvd.wire.AtSnapshot;
import io.varve.adapters.rsvd.wire.DiskChanges;
import io.varve.adapters.rsvd.wire.DiskInfo;
import io.varve.adapters.rsvd.wire.OpenContext;
import io.varve.adapters.rsvd.wire.Operation;
import io.varve.adapters.rsvd.wire.Scsi;
import io.varve.adapters.rsvd.wire.Snapshots;
import io.varve.adapters.rsvd.wire.Tunnel;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.engine.range.RangeSet;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The live shared disk: what it is, its snapshots, and what changed between them (MS-RSVD 3.2.4). For any number of
 * threads; {@code close} must not race with them.
 */
public final class SharedDisk implements Closeable {
    /** Room for answers that are not long; more than any of them needs. */
    private static final int SHORT = 4096;

    private static final int MOST_OUTPUT = 1 << 20;
    private static final Duration POLL = Duration.ofMillis(200);

    private final String location;
    private final DiskOpen.Opener opener;
    private final DiskOpen open;
    private final AtomicLong requests;

    private SharedDisk(String location, DiskOpen.Opener opener, DiskOpen open, long request) {
        this.location = location;
        this.opener = opener;
        this.open = open;
        this.requests = new AtomicLong(request);
    }

    /**
     * Opens the disk.
     *
     * @param server stays the caller's
     * @param client what the server's records call this computer
     * @throws IOException when the server refuses, or does not offer shared disks
     */
    public static SharedDisk open(SmbServer server, SmbPath path, String client) throws IOException {
        return open(path.toString(), new ShareOpener(server, path), client);
    }

    static SharedDisk open(String location, DiskOpen.Opener opener, String client) throws IOException {
        // As Windows does it: a random number for the open in the upper half, and its requests count from there.
        long request = (long) new SecureRandom().nextInt() << 32;
        OpenContext context = new OpenContext(2, UUID.randomUUID(), request, client);
        DiskOpen open = opener.open(context.encode());
        try {
            OpenContext.decode(open.contexts()); // only checked: servers without updates give no answer
            SharedDisk disk = new SharedDisk(location, opener, open, request);
            disk.support();
            return disk;
        } catch (IOException | RuntimeException e) {
            try {
                open.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Where it is, for messages. */
    public String location() {
        return location;
    }

    /** What the server can do. */
    public DiskInfo.Support support() throws IOException {
        DiskOpen.Answer answer = open.control(Operation.QUERY_SUPPORT, new byte[0], SHORT);
        if (answer.status() != 0) {
            throw new RsvdException(location, answer.status());
        }
        return DiskInfo.support(answer.output());
    }

    public DiskInfo.Initial initial() throws IOException {
        return DiskInfo.initial(ask(Operation.INITIAL_INFO, new byte[0], SHORT));
    }

    public DiskInfo.Facts facts() throws IOException {
        return DiskInfo.facts(ask(Operation.DISK_INFO, DiskInfo.request(), SHORT));
    }

    /** The ids of all snapshots of the set, also those of others. */
    public List<UUID> snapshots() throws IOException {
        int room = Math.min(SHORT, open.mostOutput());
        while (true) {
            Snapshots.Listed listed = Snapshots.decodeList(ask(Operation.SET_QUERY, Snapshots.list(), room));
            if (listed.room().isEmpty()) {
                return listed.ids();
            }
            int wanted = listed.room().getAsInt();
            if (wanted <= room || wanted > open.mostOutput()) {
                throw new IOException(location + ": the list of snapshots needs " + wanted + " bytes, there was room"
                        + " for " + room + " of at most " + open.mostOutput());
            }
            room = wanted;
        }
    }

    public Snapshots.Entry snapshot(UUID id) throws IOException {
        return Snapshots.decodeEntry(id, ask(Operation.SET_QUERY, Snapshots.entry(id), SHORT));
    }

    /**
     * Takes a snapshot whose changes are tracked, and waits until it is complete.
     *
     * @param id chosen and recorded by the caller
     * @param limit how long to wait
     * @throws IOException when it is not complete by then; it may exist
     */
    public void takeSnapshot(UUID id, Duration limit) throws IOException {
        UUID transaction = UUID.randomUUID();
        ask(Operation.META_START, Snapshots.initialize(transaction, id), SHORT);
        ask(Operation.META_START, Snapshots.complete(transaction, id), SHORT);
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isValid(id)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        location + ": snapshot " + id + " was not complete after " + limit.toSeconds() + " s");
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(location + ": interrupted while a snapshot was taken");
            }
        }
    }

    /** Servers answer with an error as long as there is no entry. */
    private boolean isValid(UUID id) throws IOException {
        try {
            return snapshot(id).isValid();
        } catch (RsvdException e) {
            if (snapshots().contains(id)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Deletes a snapshot; the server merges its file in the background.
     *
     * @param keepReference whether the server is to be able to tell later what changed since
     */
    public void deleteSnapshot(UUID id, boolean keepReference) throws IOException {
        ask(Operation.DELETE_SNAPSHOT, Snapshots.delete(id, keepReference), SHORT);
    }

    /** What changed from one snapshot to a later one. */
    public RangeSet changes(UUID older, UUID newer) throws IOException {
        return ChangeQuery.all(initial().size(), (offset, length) -> changes(newer, older, offset, length));
    }

    /** Asks once what changed from one snapshot to a later one. */
    ChangePage changes(UUID newer, UUID older, long offset, long length) throws IOException {
        int room = Math.min(MOST_OUTPUT, open.mostOutput());
        return DiskChanges.decode(
                ask(Operation.QUERY_CHANGES, DiskChanges.request(newer, older, offset, length), room));
    }

    /** The disk as of a snapshot, through an open of its own; the caller closes it. */
    DiskOpen openAt(UUID snapshot) throws IOException {
        return opener.open(AtSnapshot.encode(snapshot));
    }

    /** The live open, for reading. */
    DiskOpen live() {
        return open;
    }

    /** What the server has stored about an error of a read on this open. */
    Scsi.Sense sense(DiskOpen failed, int status) throws IOException {
        int key = status & 0xFF;
        return Scsi.decodeSense(key, ask(failed, Operation.SRB_STATUS, Scsi.senseRequest(key), SHORT));
    }

    private ByteBuffer ask(Operation operation, byte[] payload, int room) throws IOException {
        return ask(open, operation, payload, room);
    }

    private ByteBuffer ask(DiskOpen asked, Operation operation, byte[] payload, int room) throws IOException {
        for (boolean again = false; ; again = true) {
            Tunnel.Answer answer = askOnce(asked, operation, payload, room);
            if (answer.status() == 0) {
                return answer.payload();
            }
            if (again || !RsvdStatus.asksForOneMore(answer.status())) {
                throw new RsvdException(location + ": " + operation.words(), answer.status());
            }
        }
    }

    private Tunnel.Answer askOnce(DiskOpen asked, Operation operation, byte[] payload, int room) throws IOException {
        long id = requests.incrementAndGet();
        DiskOpen.Answer answer = asked.control(operation.control(), Tunnel.request(operation, id, payload), room);
        if (answer.status() == 0) {
            return Tunnel.decode(operation, id, answer.output());
        }
        // Any output that comes with an error is incomplete, so it is not used.
        return new Tunnel.Answer(answer.status(), ByteBuffer.allocate(0));
    }

    @Override
    public void close() throws IOException {
        open.close();
    }
}
