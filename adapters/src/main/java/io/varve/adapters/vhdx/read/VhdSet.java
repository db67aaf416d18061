package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.chain.WindowsPath;
import io.varve.adapters.vhdx.format.Checksum;
import io.varve.adapters.vhdx.format.Copy;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A VHD Set ({@code .vhds}): a small file that names the VHDX with the current content of a disk that several guests
 * share. Microsoft has not published the format. What is known comes from files that Windows wrote: two headers, of
 * which the one with the higher sequence number counts, and the name in UTF-16. How the checkpoints of a set are
 * recorded is not known. So a checkpoint is read through its file server (MS-RSVD), or as the file that contains it.
 */
public final class VhdSet {
    /** "shdr". */
    private static final int HEADER_SIGNATURE = 0x7264_6873;

    private static final int CHECKSUM_AT = 20;

    /** Enough for any file name, and for what Windows has been seen to write. */
    private static final int LONGEST_DATA = 64 * VhdxFormat.KIB;

    private VhdSet() {}

    /** @param offset of the header in the file */
    private record Header(long offset, long sequence, long dataOffset, int dataLength) {
        static Header read(ByteSource source, long offset) throws IOException {
            ByteBuffer bytes = StructureReader.read(source, offset, VhdxFormat.HEADER_SIZE, "VHD Set header");
            int checksum = Checksum.of(bytes, CHECKSUM_AT);
            if (bytes.getInt(0) != HEADER_SIGNATURE || bytes.getInt(CHECKSUM_AT) != checksum) {
                throw new CorruptDataException(
                        source.location(),
                        offset,
                        String.format("a VHD Set header (\"shdr\") with checksum %08x", checksum),
                        String.format("0x%08x with checksum %08x", bytes.getInt(0), bytes.getInt(CHECKSUM_AT)));
            }
            if (bytes.getInt(16) != 1) {
                throw new CorruptDataException(
                        source.location(),
                        offset + 16,
                        "version 1 of the VHD Set",
                        Integer.toUnsignedString(bytes.getInt(16)));
            }
            return new Header(offset, bytes.getLong(8), Integer.toUnsignedLong(bytes.getInt(28)), (int)
                    Math.min(Integer.MAX_VALUE, Integer.toUnsignedLong(bytes.getInt(32))));
        }
    }

    /**
     * Returns the name of the file with the set's content: a plain name, in the folder of the set.
     *
     * @throws CorruptDataException if {@code source} is not a VHD Set, is damaged, or names a file in another folder
     */
    public static String dataFile(ByteSource source) throws IOException {
        Header header = header(source);
        if (header.dataLength() < 4 || header.dataLength() > LONGEST_DATA || header.dataLength() % 2 != 0) {
            throw new CorruptDataException(
                    source.location(),
                    header.offset() + 32,
                    "the name of the data file, at most " + LONGEST_DATA + " bytes of UTF-16",
                    Integer.toUnsignedString(header.dataLength()) + " bytes");
        }
        ByteBuffer bytes = StructureReader.read(
                source, header.dataOffset(), header.dataLength(), "the name of the data file of a VHD Set");
        String text = StandardCharsets.UTF_16LE.decode(bytes).toString();
        String name = text.contains("\0") ? text.substring(0, text.indexOf('\0')) : text;
        WindowsPath path = WindowsPath.parse(name);
        if (path.kind() != WindowsPath.Kind.RELATIVE || path.names().size() != 1) {
            throw new CorruptDataException(
                    source.location(),
                    header.dataOffset(),
                    "the name of a file in the folder of the VHD Set",
                    "\"" + name.substring(0, Math.min(name.length(), 200)).replaceAll("\\p{Cntrl}", "\uFFFD") + "\"");
        }
        return path.names().get(0);
    }

    private static Header header(ByteSource source) throws IOException {
        byte[] signature = new byte[8];
        StructureReader.read(source, 0, signature.length, "VHD Set").get(signature);
        if (!new String(signature, StandardCharsets.ISO_8859_1).equals("vhdsetv1")) {
            throw new CorruptDataException(source.location(), 0, "a VHD Set, which begins with \"vhdsetv1\"", "none");
        }
        Copy<Header> first = Copy.of(() -> Header.read(source, VhdxFormat.HEADER_1_OFFSET));
        Copy<Header> second = Copy.of(() -> Header.read(source, VhdxFormat.HEADER_2_OFFSET));
        if (!first.isSound() && !second.isSound()) {
            throw first.damage();
        }
        boolean useFirst = !second.isSound()
                || first.isSound()
                        && Long.compareUnsigned(
                                        first.value().sequence(), second.value().sequence())
                                >= 0;
        return useFirst ? first.value() : second.value();
    }

    /**
     * Opens the disk that {@code source} names. The caller closes it. This closes {@code source}.
     *
     * @param file the file that {@code source} reads
     * @throws MissingParentException if the data file is neither in the folder of the set nor in one of {@code search}
     */
    public static VhdxChain open(ByteSource source, SourceFile file, ParentSearch search) throws IOException {
        String name = dataFile(source);
        List<SourceFolder> folders = new ArrayList<>();
        folders.add(file.folder());
        folders.addAll(search.folders());
        for (SourceFolder folder : folders) {
            if (folder.find(List.of(name), false) instanceof SourceFolder.Lookup.Found found) {
                VhdxChain chain = VhdxChain.open(found.file(), search);
                try {
                    source.close();
                    return chain;
                } catch (IOException | RuntimeException e) {
                    chain.close();
                    throw e;
                }
            }
        }
        throw new MissingParentException(
                file.location() + ": is a VHD Set whose content is in " + name + ", which is not in its"
                        + " folder; give the folder it is in (--parent), or, while guests share the disk,"
                        + " read it through its file server (MS-RSVD)");
    }
}
