package io.varve.store.export;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.WrappedKey;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.store.json.SealedJson;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Opens an export. The file is first read from beginning to end and compared with its digest. Its chunks are verified
 * later, by their ids. For one thread.
 */
public final class ExportFile {
    private static final int PIECE = 1 << 20;

    /** The least size in bytes of every pack but the last: a pack is filled before the next is begun. */
    private static final long LEAST_PACK_SIZE = 64 << 10;

    /** Heap needed per pack during an import. Limits the number of packs. */
    private static final int BYTES_PER_PACK = 1 << 10;

    private final Path file;
    private final FileChannel channel;
    private final long length;
    private final MessageDigest sha256 = ChunkHasher.newSha256();
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
    private final Map<String, ExportBackend.Member> members = new LinkedHashMap<>();
    private final Listener listener;
    private final long mostPacks;
    private long packs;
    private int keys;
    private SnapshotId snapshot;

    /** Receives progress of the verification. */
    public interface Listener {
        /** @param bytes bytes of the file read since the last call; all calls together cover the whole file */
        void bytesRead(long bytes);

        /** Throws an exception to stop the verification. */
        void check() throws IOException;
    }

    private ExportFile(Path file, FileChannel channel, Listener listener, long mostPacks) throws IOException {
        this.mostPacks = mostPacks;
        this.file = file;
        this.channel = channel;
        this.listener = listener;
        this.length = channel.size();
    }

    /** The kinds of members, in their order in the file, and how large each may be. */
    private enum Kind {
        CONFIGURATION(1 << 20),
        KEY(KeyRing.MAX_SIZE),
        PACK(PackFormat.MAX_PACK_SIZE),
        MANIFEST(SealedJson.MAX_SIZE),
        TRAILER(64 << 10);

        private final long maxSize;

        Kind(long maxSize) {
            this.maxSize = maxSize;
        }

        /** Returns the kind of a member with this name, or null if no member may have it. */
        static Kind of(String name) {
            if (name.equals(RepositoryConfig.OBJECT)) {
                return CONFIGURATION;
            }
            if (name.equals(ExportTrailer.OBJECT)) {
                return TRAILER;
            }
            if (WrappedKey.isObjectName(name)) {
                return KEY;
            }
            if (PackFormat.idOfObject(name) != null) {
                return PACK;
            }
            return SnapshotId.ofObject(name) == null ? null : MANIFEST;
        }
    }

    /**
     * Verifies an export and opens it as a repository with one snapshot; locked if it is encrypted.
     *
     * @param file a regular file
     * @param scratch an empty directory for the index; the caller deletes it afterwards
     * @param listener asked before each MiB whether to continue
     * @throws CorruptDataException if the file differs in any byte from what was exported
     * @throws RefusedException if it has more packs than memory suffices for
     */
    public static Repository open(Path file, Path scratch, Listener listener) throws IOException {
        return open(file, scratch, listener, Runtime.getRuntime().maxMemory() / BYTES_PER_PACK);
    }

    /** @param mostPacks number of packs that memory suffices for */
    static Repository open(Path file, Path scratch, Listener listener, long mostPacks) throws IOException {
        FileChannel channel = openChannel(file);
        try {
            ExportFile export = new ExportFile(file, channel, listener, mostPacks);
            export.prove();
            return Repository.open(new ExportLocation(new ExportBackend(file, channel, export.members), scratch));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel openChannel(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new IOException(file + ": cannot open this export: " + Reason.bare(e), e);
        }
    }

    private void prove() throws IOException {
        long offset = 0;
        Kind last = null;
        long lastSize = 0;
        while (last != Kind.TRAILER) {
            byte[] block = read(offset, MemberHeader.BLOCK, "the header of a member");
            MemberHeader header = MemberHeader.decode(block, file.toString(), offset);
            listener.bytesRead(MemberHeader.BLOCK);
            Kind kind = Kind.of(header.name());
            checkOrder(kind, last, header, offset);
            if (kind == Kind.PACK) {
                checkPack(last, lastSize, offset);
            }
            if (kind == Kind.KEY && ++keys > KeyRing.MOST_KEYS) {
                throw wrong(offset, "at most " + Count.of(KeyRing.MOST_KEYS, "key"), "another key");
            }
            long content = offset + MemberHeader.BLOCK;
            long end = content + header.size() + header.padding();
            if (header.size() > kind.maxSize || end > length) {
                throw wrong(
                        offset,
                        header.name() + " of at most " + Math.min(kind.maxSize, length - content) + " bytes",
                        header.size() + " bytes");
            }
            checkPadding(content + header.size(), header.padding());
            if (kind == Kind.TRAILER) {
                checkTrailer(read(content, (int) header.size(), "the trailer"), offset);
                checkEnd(end);
                listener.bytesRead(length - content);
            } else {
                sha256.update(block);
                digest(content, end);
                members.put(header.name(), new ExportBackend.Member(content, header.size()));
                snapshot = kind == Kind.MANIFEST ? SnapshotId.ofObject(header.name()) : snapshot;
            }
            last = kind;
            lastSize = header.size();
            offset = end;
        }
    }

    /**
     * Checks that members come in the order of their kinds, and that there is one configuration, one manifest and no
     * duplicate.
     */
    private void checkOrder(Kind kind, Kind last, MemberHeader header, long offset) throws CorruptDataException {
        boolean first = last == null;
        boolean inOrder = kind != null
                && first == (kind == Kind.CONFIGURATION)
                && (first || kind.compareTo(last) > 0 || kind == last && (kind == Kind.KEY || kind == Kind.PACK))
                && (kind != Kind.TRAILER || last == Kind.MANIFEST)
                && !members.containsKey(header.name());
        if (!inOrder) {
            throw wrong(
                    offset,
                    first ? "an export, which begins with " + RepositoryConfig.OBJECT : "the next member of an export",
                    header.name());
        }
    }

    /** Refuses an export with many small packs: Varve does not write such a file, and it would take too much memory. */
    private void checkPack(Kind last, long lastSize, long offset) throws IOException {
        if (last == Kind.PACK && lastSize < LEAST_PACK_SIZE) {
            throw wrong(offset, "no pack after one of less than " + LEAST_PACK_SIZE + " bytes", "another pack");
        }
        if (++packs > mostPacks) {
            throw new RefusedException(file + ": has more than " + Count.of(mostPacks, "pack")
                    + ", too many for the heap; nothing was stored. Allow more with"
                    + " VARVE_JAVA_OPTS=-Xmx1g, or unpack it with tar and restore from there");
        }
    }

    private void checkPadding(long offset, int padding) throws IOException {
        byte[] zeros = read(offset, padding, "zeros after a member");
        for (int i = 0; i < padding; i++) {
            if (zeros[i] != 0) {
                throw wrong(offset + i, "a zero after a member", "something else");
            }
        }
    }

    private void checkTrailer(byte[] content, long offset) throws IOException {
        ExportTrailer trailer = ExportTrailer.decode(content, file + ", " + ExportTrailer.OBJECT);
        ChunkId digest = ChunkId.read(sha256.digest(), 0);
        if (trailer.bytes() != offset || trailer.members() != members.size()) {
            throw wrong(
                    offset,
                    trailer.members() + " members, " + trailer.bytes() + " bytes before this",
                    members.size() + ", " + offset);
        }
        if (!trailer.digest().equals(digest)) {
            locateDamage();
            throw wrong(0, offset + " bytes with SHA-256 " + trailer.digest().hex(), digest.hex());
        }
        if (!trailer.snapshot().equals(snapshot)) {
            throw wrong(offset, "the export of " + trailer.snapshot(), "that of " + snapshot);
        }
    }

    private void checkEnd(long offset) throws IOException {
        if (length - offset != 2 * MemberHeader.BLOCK) {
            throw wrong(offset, 2 * MemberHeader.BLOCK + " bytes to the end of the file", (length - offset) + " bytes");
        }
        checkPadding(offset, 2 * MemberHeader.BLOCK);
    }

    /** Finds out which member is damaged, and where in it: packs carry hashes of their own. */
    private void locateDamage() throws IOException {
        ExportBackend backend = new ExportBackend(file, channel, members);
        for (Map.Entry<String, ExportBackend.Member> member : members.entrySet()) {
            ChunkId pack = PackFormat.idOfObject(member.getKey());
            try {
                if (pack != null) {
                    check(backend, pack);
                }
            } catch (CorruptDataException e) {
                throw new CorruptDataException(
                        file.toString(),
                        member.getValue().offset() + Math.max(0, e.offset()),
                        e.expected() + " (in " + member.getKey() + ")",
                        e.found());
            }
        }
    }

    private static void check(ExportBackend backend, ChunkId pack) throws IOException {
        String object = PackFormat.objectName(pack);
        PackReader.repositoryId(backend, object);
        PackFooter footer = PackReader.footer(backend, pack);
        ByteBuffer frame = ByteBuffer.allocateDirect(PackFormat.MAX_FRAME_LENGTH);
        for (int number = 0; number < footer.frameCount(); number++) {
            FrameHeader header = footer.header(number);
            long offset = footer.offset(number);
            backend.read(object, offset, frame.clear().limit(header.frameLength()));
            PackReader.checkedPayload(frame.flip(), header, object, offset);
        }
    }

    private byte[] read(long offset, int count, String what) throws IOException {
        if (length - offset < count) {
            throw wrong(offset, what + ", " + count + " bytes", "the end of the file at " + length);
        }
        byte[] bytes = new byte[count];
        ExportBackend.fill(channel, offset, ByteBuffer.wrap(bytes), file);
        return bytes;
    }

    private void digest(long from, long to) throws IOException {
        for (long offset = from; offset < to; offset += PIECE) {
            listener.check();
            ExportBackend.fill(channel, offset, piece.clear().limit((int) Math.min(PIECE, to - offset)), file);
            listener.bytesRead(piece.position());
            sha256.update(piece.flip());
        }
    }

    private CorruptDataException wrong(long offset, String expected, String found) {
        return new CorruptDataException(file.toString(), offset, expected, found);
    }
}
