package io.varve.adapters.smb;

import io.varve.adapters.smb.link.NtStatus;
import io.varve.adapters.smb.link.StatusException;
import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.CreateContext;
import io.varve.adapters.smb.wire.Created;
import io.varve.adapters.smb.wire.Ioctl;
import io.varve.adapters.smb.wire.OpenFile;
import io.varve.adapters.smb.wire.Reply;
import io.varve.adapters.smb.wire.SetInfo;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A new file on a share, which has the name {@code <name>.partial-<random>} until it is published. Nobody else can open
 * it meanwhile. If the connection is lost it goes on with the same open where the server kept it, and repeats what was
 * not answered; otherwise it fails, since what the server had not made durable may be lost.
 */
public final class SmbTarget implements ByteTarget {
    private static final int ACCESS = Create.READ_DATA
            | Create.WRITE_DATA
            | Create.READ_ATTRIBUTES
            | Create.WRITE_ATTRIBUTES
            | Create.DELETE
            | Create.SYNCHRONIZE;

    /** Parts of a write begin at multiples of it if the write does. */
    private static final int ALIGNMENT = 4096;

    private static final int ZEROS = 32 << 10;

    /** UTF-16 units of a name on NTFS and ReFS. */
    private static final int LONGEST_NAME = 255;

    private final SmbServer server;
    private final SmbPath name;
    private final SmbPath partial;
    private final boolean replace;
    private final RemoteFile file;
    private volatile boolean broken;

    /** From then on it may have the final name, whatever was answered. */
    private boolean nameWasAskedFor;

    private boolean published;

    private SmbTarget(SmbServer server, SmbPath name, SmbPath partial, boolean replace, RemoteFile file) {
        this.server = server;
        this.name = name;
        this.partial = partial;
        this.replace = replace;
        this.file = file;
    }

    /**
     * Creates a file that will get the name {@code name}.
     *
     * @param server stays the caller's
     * @param replace whether an existing file of that name is replaced at the end; otherwise it is an error, now or at
     *     the end
     */
    public static SmbTarget create(SmbServer server, SmbPath name, boolean replace, boolean sparse) throws IOException {
        if (!replace && exists(server, name)) {
            throw taken(name);
        }
        String random = String.format("%016x", ThreadLocalRandom.current().nextLong());
        SmbPath partial = name.parent().resolve(shortened(name.name()) + ".partial-" + random);
        // Not only a new one: the answer may have been lost, and the file is ours by its name.
        Create how = new Create(
                partial.onShare(), ACCESS, 0, Create.OPEN_OR_MAKE, Create.NOT_FOLDER, Create.LEASE, List.of());
        RemoteFile file;
        try {
            file = RemoteFile.open(server, partial, how, RemoteFile.Return.NEVER);
        } catch (IOException e) {
            throw new TargetException(name + ": cannot be created: " + Reason.of(e), e);
        }
        SmbTarget target = new SmbTarget(server, name, partial, replace, file);
        if (sparse) {
            try {
                target.optional(Ioctl.SET_SPARSE, new byte[0]);
            } catch (IOException e) {
                try (target) {
                    throw new TargetException(name + ": cannot be created: " + Reason.of(e), e);
                }
            }
        }
        return target;
    }

    private static String shortened(String name) {
        int most = LONGEST_NAME - ".partial-".length() - 16;
        return name.length() <= most
                ? name
                : name.substring(0, Character.isHighSurrogate(name.charAt(most - 1)) ? most - 1 : most);
    }

    /** Whether there is something of that name. */
    public static boolean exists(SmbServer server, SmbPath name) throws IOException {
        try {
            SmbShare.look(server, name);
            return true;
        } catch (StatusException e) {
            if (NtStatus.outcome(e.status()) == NtStatus.Outcome.MISSING && !e.is(NtStatus.FILE_IS_A_DIRECTORY)) {
                return false;
            }
            throw e;
        }
    }

    private static TargetException taken(SmbPath name) {
        return new TargetException(name + ": exists already; choose another name, or --force to replace it");
    }

    /** What not all file systems can. Returns whether it was done. */
    private boolean optional(int code, byte[] input) throws IOException {
        return file.control(code, input, 0).status() == 0;
    }

    @Override
    public String location() {
        return name.toString();
    }

    private TargetException failed(String doing, IOException cause) {
        broken = true;
        return new TargetException(name + ": " + doing + " failed: " + Reason.of(cause), cause);
    }

    @Override
    public void setLength(long length) throws IOException {
        try {
            file.done("setting its length", open -> SetInfo.length(open, length), Reply::status);
        } catch (IOException e) {
            throw failed("making it " + length + " bytes long", e);
        }
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        try {
            long at = offset;
            while (source.hasRemaining()) {
                ByteBuffer piece = source.slice(source.position(), piece(source.remaining()));
                long where = at;
                int written = file.done(
                        "writing at offset " + where, open -> OpenFile.write(open, where, piece), OpenFile::written);
                if (written <= 0 || written > piece.limit()) {
                    throw new BadReplyException(
                            "writing " + name,
                            "1 to " + piece.limit() + " bytes written",
                            Integer.toUnsignedString(written));
                }
                source.position(source.position() + written);
                at += written;
            }
        } catch (IOException e) {
            throw failed("writing at offset " + offset, e);
        }
    }

    /** Equal parts: what does not fit into one request by little would otherwise leave a small rest. */
    private int piece(int length) {
        int most = file.mostWrite();
        int parts = (length + most - 1) / most;
        int each = ((length + parts - 1) / parts + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return Math.min(length, Math.min(each, most));
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
        try {
            byte[] range = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(offset)
                    .putLong(offset + length)
                    .array();
            if (length < ZEROS || !optional(Ioctl.SET_ZERO_DATA, range)) {
                for (long at = offset; at < offset + length; at += ZEROS) {
                    write(at, ByteBuffer.allocate((int) Math.min(ZEROS, offset + length - at)));
                }
            }
        } catch (TargetException e) {
            throw e;
        } catch (IOException e) {
            throw failed("writing zeros at offset " + offset, e);
        }
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            int before = target.position();
            ByteBuffer piece = target.slice(before, Math.min(target.remaining(), file.mostRead()));
            long where = at;
            file.read(where, piece, reply -> {
                throw new StatusException(partial + ": reading at offset " + where, reply.status());
            });
            if (piece.position() == 0) {
                throw new EOFException(partial + " at offset " + where + ": found its end");
            }
            target.position(before + piece.position());
            at += piece.position();
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            file.done("flushing", OpenFile::flush, Reply::status);
        } catch (IOException e) {
            throw failed("flushing", e);
        }
    }

    @Override
    public ByteSource openAgain() throws IOException {
        return new Written(this, file.facts().size());
    }

    /** The file as it is, through the open that writes it. */
    private record Written(SmbTarget target, long size) implements ByteSource {
        @Override
        public String location() {
            return target.partial.toString();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            checkInside(offset, into.remaining());
            target.read(offset, into);
        }

        @Override
        public RangeSet dataRanges(Range window) {
            return RangeSet.of(window).clip(new Range(0, size));
        }

        @Override
        public void close() {
            // The open is the target's.
        }
    }

    @Override
    public void publish() throws IOException {
        if (broken) {
            throw new TargetException(name + ": is not published because writing to it failed");
        }
        flush();
        nameWasAskedFor = true;
        try {
            file.done("renaming", open -> SetInfo.rename(open, name.onShare(), replace), Reply::status);
        } catch (StatusException e) {
            if (!e.is(NtStatus.OBJECT_NAME_COLLISION)) {
                throw failed("giving it its name", e);
            }
            if (!wasRenamed(e)) { // otherwise it succeeded, and only the answer was lost
                throw taken(name);
            }
        } catch (IOException e) {
            if (!wasRenamed(e)) {
                throw failed("giving it its name", e);
            }
        }
        published = true;
    }

    /**
     * After the connection was lost: servers find the open by the name that it had, so it may be lost for that.
     *
     * @throws IOException when nobody can tell
     */
    private boolean wasRenamed(IOException why) throws IOException {
        try {
            return isThere();
        } catch (IOException e) {
            broken = true;
            e.addSuppressed(why);
            throw new IOException(
                    name + ": is complete, but the connection was lost while it got its name: " + Reason.of(e)
                            + ". See whether it has that name; if not, begin again",
                    e);
        }
    }

    /** Whether the file of the final name is this one. */
    private boolean isThere() throws IOException {
        if (!exists(server, name)) {
            return false;
        }
        Created found = SmbShare.look(server, name);
        if (file.first().isSameFileAs(found)) {
            return true;
        }
        if (file.first().diskId().isEmpty() || found.diskId().isEmpty()) {
            throw new IOException("there is a file of that name, and the server does not say which one it is");
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        if (published) {
            file.close();
            return;
        }
        try {
            if (nameWasAskedFor) {
                // Nothing is deleted through the open, which may be that of the final name by now. This takes it up if
                // the server kept it: until it is closed nobody else can open the file.
                file.facts();
            } else {
                file.done("deleting", SetInfo::delete, Reply::status);
            }
        } catch (IOException e) {
            file.close();
            removeByName(Optional.of(e));
            return;
        }
        file.close();
        if (nameWasAskedFor) {
            removeByName(Optional.empty());
        }
    }

    /** When it cannot be deleted through the open. */
    private void removeByName(Optional<IOException> why) throws IOException {
        Create how = new Create(
                partial.onShare(),
                Create.DELETE,
                Create.SHARE_READ | Create.SHARE_WRITE | Create.SHARE_DELETE,
                Create.OPEN,
                Create.NOT_FOLDER | Create.DELETE_ON_CLOSE,
                0,
                List.<CreateContext>of());
        try {
            RemoteFile.open(server, partial, how, RemoteFile.Return.NEVER).close();
        } catch (StatusException e) {
            if (!e.is(NtStatus.OBJECT_NAME_NOT_FOUND)) {
                why.ifPresent(e::addSuppressed);
                throw new TargetException(partial + ": cannot be deleted: " + Reason.of(e), e);
            }
        } catch (IOException e) {
            why.ifPresent(e::addSuppressed);
            throw new TargetException(partial + ": cannot be deleted: " + Reason.of(e), e);
        }
    }
}
