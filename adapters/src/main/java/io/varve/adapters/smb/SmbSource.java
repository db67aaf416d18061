package io.varve.adapters.smb;

import io.varve.adapters.smb.link.NtStatus;
import io.varve.adapters.smb.link.StatusException;
import io.varve.adapters.smb.wire.AllocatedRanges;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.Created;
import io.varve.adapters.smb.wire.FileFacts;
import io.varve.adapters.smb.wire.Ioctl;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * The bytes of a file on a share. While it is open nobody can write to the file, unless somebody could before. Bytes
 * that the server's storage reports as bad are damage; everything else that goes wrong says nothing about them.
 */
public final class SmbSource implements ByteSource {
    private static final int ACCESS =
            Create.READ_DATA | Create.READ_ATTRIBUTES | Create.READ_CONTROL | Create.SYNCHRONIZE;

    /** In one answer, which has 64 KiB then. */
    private static final int RANGES = 4096;

    /** Fewer bytes than this have fewer ranges than one answer holds. */
    private static final long LEAST_ASKED = 4 << 20;

    /** For one result; the rest of the window counts as data. */
    private static final int MOST_QUESTIONS = 256;

    private final SmbServer server;
    private final RemoteFile file;
    private final boolean hasWriter;
    private final long size;

    private SmbSource(SmbServer server, RemoteFile file, boolean hasWriter) {
        this.server = server;
        this.file = file;
        this.hasWriter = hasWriter;
        this.size = file.first().facts().size();
    }

    /** Opens a file for reading; the caller closes it. */
    public static SmbSource open(SmbServer server, SmbPath path) throws IOException {
        try {
            return new SmbSource(server, open(server, path, Create.SHARE_READ), false);
        } catch (StatusException e) {
            if (!e.is(NtStatus.SHARING_VIOLATION)) {
                throw e;
            }
        }
        int all = Create.SHARE_READ | Create.SHARE_WRITE | Create.SHARE_DELETE;
        return new SmbSource(server, open(server, path, all), true);
    }

    private static RemoteFile open(SmbServer server, SmbPath path, int share) throws IOException {
        Create create =
                new Create(path.onShare(), ACCESS, share, Create.OPEN, Create.NOT_FOLDER, Create.LEASE, List.of());
        return RemoteFile.open(server, path, create, RemoteFile.Return.BY_NAME);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return file.path().toString();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        checkInside(offset, target.remaining());
        int most = file.mostRead();
        if (target.remaining() <= most) {
            readPiece(offset, target);
        } else {
            readPieces(offset, target, most);
        }
    }

    /** Several requests at once. */
    private void readPieces(long offset, ByteBuffer target, int most) throws IOException {
        List<Future<?>> pieces = new ArrayList<>();
        int begin = target.position();
        for (int at = begin; at < target.limit(); at += most) {
            ByteBuffer piece = target.duplicate();
            piece.position(at).limit(Math.min(at + most, target.limit()));
            long where = offset + at - begin;
            pieces.add(server.readers().submit(() -> {
                readPiece(where, piece);
                return null;
            }));
        }
        IOException failure = null;
        boolean isInterrupted = false;
        for (Future<?> piece : pieces) { // all of them, whatever happens: they write to the caller's buffer
            boolean isDone = false;
            while (!isDone) {
                try {
                    piece.get();
                    isDone = true;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                } catch (ExecutionException e) {
                    isDone = true;
                    if (failure == null) {
                        failure = e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
                    }
                }
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(location() + ": interrupted");
        }
        if (failure != null) {
            throw failure;
        }
        target.position(target.limit());
    }

    private void readPiece(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            int before = target.position();
            long where = at;
            file.read(where, target, reply -> {
                throw failure(where, reply.status());
            });
            int got = target.position() - before;
            if (got == 0) {
                throw shorter(at);
            }
            at += got;
        }
    }

    private EOFException shorter(long offset) {
        return new EOFException(location() + " at offset " + offset + ": expected a file of " + size
                + " bytes, found its end; it became shorter");
    }

    private IOException failure(long offset, int status) {
        if (status == NtStatus.END_OF_FILE.code()) {
            return shorter(offset);
        }
        if (NtStatus.outcome(status) == NtStatus.Outcome.UNREADABLE) {
            return new CorruptDataException(location(), offset, "bytes that can be read", NtStatus.describe(status));
        }
        return new StatusException(location() + ": reading at offset " + offset, status);
    }

    @Override
    public RangeSet dataRanges(Range window) throws IOException {
        long end = Math.min(window.endOffset(), size);
        if (window.offset() >= end) {
            return RangeSet.empty();
        }
        if (file.first().facts().isElsewhere()) {
            return RangeSet.of(Range.between(window.offset(), end)); // its holes are not those of its content
        }
        RangeSet.Builder found = new RangeSet.Builder();
        long at = window.offset();
        long length = end - at; // how much is asked about at once
        for (int count = 0; at < end && count < MOST_QUESTIONS; count++) {
            Range part = Range.between(at, Math.min(end, at + length));
            RemoteFile.Output output = file.control(
                    Ioctl.QUERY_ALLOCATED_RANGES, AllocatedRanges.input(part), AllocatedRanges.length(RANGES));
            if (output.status() == NtStatus.BUFFER_TOO_SMALL.code() && length > LEAST_ASKED) {
                length = part.length() / 2; // Samba's way to say that there is more
                continue;
            }
            boolean isMore = output.status() == NtStatus.BUFFER_OVERFLOW.code();
            if (output.status() != 0 && !isMore || output.bytes().isEmpty()) {
                break; // a file system without holes; the rest counts as data
            }
            ByteBuffer bytes = ByteBuffer.wrap(output.bytes().get()).order(ByteOrder.LITTLE_ENDIAN);
            AllocatedRanges answer = AllocatedRanges.decode(bytes, part);
            for (Range range : answer.ranges()) {
                found.add(range.offset(), range.endOffset());
            }
            if (isMore && answer.end() <= at) {
                break; // no progress
            }
            at = isMore ? answer.end() : part.endOffset();
            length = Math.min(end - at, 2 * part.length());
        }
        if (at < end) {
            found.add(at, end);
        }
        return found.build();
    }

    @Override
    public List<Disturbance> disturbances() throws IOException {
        List<Disturbance> found = new ArrayList<>();
        if (hasWriter) {
            found.add(new Disturbance(
                    Disturbance.IN_USE, location() + " is in use: open for writing by another program"));
        }
        List<String> changes = changes(SmbShare.look(server, file.path()));
        if (!changes.isEmpty()) {
            found.add(new Disturbance(
                    Disturbance.CHANGED, location() + " changed while it was read: " + String.join("; ", changes)));
        }
        return found;
    }

    private List<String> changes(Created now) throws IOException {
        FileFacts before = file.first().facts();
        FileFacts after = now.facts();
        if (!file.first().isSameFileAs(now)) {
            return List.of("it was replaced by another file");
        }
        if (after.size() < size) {
            throw new IOException(location() + ": was cut off while it was read: it had " + size + " bytes, it has "
                    + after.size() + " now; none of it can be trusted");
        }
        List<String> changes = new ArrayList<>();
        if (after.size() != size) {
            changes.add("its length went from " + size + " to " + after.size() + " bytes");
        }
        if (after.written() != before.written()) {
            changes.add("it was modified at "
                    + FileFacts.instant(after.written()).map(Instant::toString).orElse("an unknown time"));
        } else if (after.changed() != before.changed()) {
            changes.add("it was changed (content, name, links or permissions)");
        }
        return changes;
    }

    /** Whether the server keeps the file open for us when the connection is lost. */
    boolean isDurable() {
        return file.first().isDurable();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
