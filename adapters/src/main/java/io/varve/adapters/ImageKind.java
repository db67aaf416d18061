package io.varve.adapters;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a file is by its first bytes and, where these say nothing, by its name. */
enum ImageKind {
    VHDX("a VHDX"),
    VHD("an old VHD"),
    VHD_SET("a VHD Set"),
    QCOW("a qcow image of QEMU"),
    VMDK("a VMDK of VMware"),
    VDI("a VDI of VirtualBox"),
    RAW("raw");

    static final int LOOKED_AT = 512;

    private final String words;

    ImageKind(String words) {
        this.words = words;
    }

    /** For messages, with its article. */
    String words() {
        return words;
    }

    /**
     * A fixed VHD differs from a raw disk only by its last sector, which a guest could write into a raw disk too; so
     * the name decides there, and the content everywhere else.
     */
    static ImageKind of(ByteSource source, String fileName) throws IOException {
        byte[] bytes = new byte[(int) Math.min(LOOKED_AT, source.size())];
        source.read(0, ByteBuffer.wrap(bytes));
        return of(bytes, fileName);
    }

    /** @param bytes at least the first {@value #LOOKED_AT} bytes, or all there are */
    static ImageKind of(byte[] bytes, String fileName) {
        String start = new String(bytes, StandardCharsets.ISO_8859_1);
        if (start.startsWith("vhdxfile") || hasExtension(fileName, "vhdx") || hasExtension(fileName, "avhdx")) {
            return start.startsWith("vhdsetv1") ? VHD_SET : VHDX;
        } else if (start.startsWith("vhdsetv1") || hasExtension(fileName, "vhds")) {
            return VHD_SET;
        } else if (start.startsWith("conectix") || hasExtension(fileName, "vhd") || hasExtension(fileName, "avhd")) {
            return VHD;
        } else if (start.startsWith("QFI\u00FB")) {
            return QCOW;
        } else if (start.startsWith("KDMV") || start.startsWith("COWD") || start.startsWith("# Disk DescriptorFile")) {
            return VMDK;
        } else if (start.startsWith("\u007F\u0010\u00DA\u00BE", 64)) {
            return VDI;
        }
        return RAW;
    }

    private static boolean hasExtension(String fileName, String extension) {
        return fileName.toLowerCase(Locale.ROOT).endsWith("." + extension);
    }
}
