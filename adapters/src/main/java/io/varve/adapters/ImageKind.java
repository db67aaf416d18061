package io.varve.adapters;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file is according to its first bytes, and what its name says. A fixed VHD differs from a raw disk only in its
 * last sector, which a guest could also write at the end of a raw disk, so there the name decides.
 */
enum ImageKind {
    VHDX("a VHDX", List.of("vhdx", "avhdx"), at(0, "vhdxfile")),
    VHD_SET("a VHD Set", List.of("vhds"), at(0, "vhdsetv1")),
    VHD("an old VHD", List.of("vhd", "avhd"), at(0, "conectix")),
    QCOW("a qcow image of QEMU", List.of("qcow", "qcow2"), at(0, "QFI\u00FB")),
    QED("a QED image of QEMU", List.of("qed"), at(0, "QED\0")),
    VMDK("a VMDK of VMware", List.of("vmdk"), at(0, "KDMV"), at(0, "COWD"), at(0, "# Disk DescriptorFile")),
    VDI("a VDI of VirtualBox", List.of("vdi"), at(64, "\u007F\u0010\u00DA\u00BE")),
    PARALLELS("a disk of Parallels", List.of(), at(0, "WithoutFreeSpace"), at(0, "WithouFreSpacExt")),
    VMA("a VMA archive of Proxmox", List.of("vma"), at(0, "VMA\0")),
    GZIP("compressed (gzip)", List.of("gz", "tgz"), at(0, "\u001F\u008B\b")),
    XZ("compressed (xz)", List.of("xz"), at(0, "\u00FD7zXZ\0")),
    ZSTD("compressed (Zstandard)", List.of("zst", "zstd"), at(0, "(\u00B5/\u00FD")),
    BZIP2("compressed (bzip2)", List.of("bz2"), at(4, "1AY&SY")),
    LZ4("compressed (LZ4)", List.of("lz4"), at(0, "\u0004\"M\u0018")),
    LZOP("compressed (lzop)", List.of("lzo"), at(0, "\u0089LZO\0\r\n\u001A\n")),
    ZIP("a ZIP archive", List.of("zip"), at(0, "PK\u0003\u0004")),
    SEVEN_ZIP("a 7-Zip archive", List.of("7z"), at(0, "7z\u00BC\u00AF'\u001C")),
    TAR("a tar archive", List.of("tar", "ova")),
    RAW("raw", List.of());

    static final int LOOKED_AT = 512;

    /** The bytes that identify a kind, as ISO 8859-1. */
    private record Magic(int offset, String bytes) {}

    private static Magic at(int offset, String bytes) {
        return new Magic(offset, bytes);
    }

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> endings;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Magic> magics;

    ImageKind(String words, List<String> endings, Magic... magics) {
        this.words = words;
        this.endings = endings;
        this.magics = List.of(magics);
    }

    /** The kind in words, with its article, for messages. */
    String words() {
        return words;
    }

    /** Returns the kind of the first bytes; {@link #RAW} if they are those of no other. */
    static ImageKind byContent(ByteSource source) throws IOException {
        byte[] bytes = new byte[(int) Math.min(LOOKED_AT, source.size())];
        source.read(0, ByteBuffer.wrap(bytes));
        return byContent(bytes);
    }

    /** @param bytes the first {@value #LOOKED_AT} bytes or more, or the whole file if it is shorter */
    static ImageKind byContent(byte[] bytes) {
        String start = new String(bytes, StandardCharsets.ISO_8859_1);
        for (ImageKind kind : values()) {
            for (Magic magic : kind.magics) {
                if (start.startsWith(magic.bytes, magic.offset)) {
                    return kind;
                }
            }
        }
        return RAW;
    }

    /** Returns the kind that the name suggests; empty if it suggests none. */
    static Optional<ImageKind> byName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (ImageKind kind : values()) {
            if (kind.endings.stream().anyMatch(ending -> name.endsWith("." + ending))) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
