package io.varve.adapters.vhd;

import io.varve.adapters.chain.NamedPath;
import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The paths by which a differencing disk names its parent: the relative path (W2ru), the absolute path (W2ku), both
 * little-endian in an otherwise big-endian file, and the name in the header. Locators of other platforms are ignored.
 */
final class ParentNames {
    /** Longest path on Windows, in bytes. */
    private static final int LONGEST = 64 * VhdFormat.KIB;

    private ParentNames() {}

    /** @throws CorruptDataException if a locator points outside the file, or its data is not text */
    static List<NamedPath> read(ByteSource source, DynamicHeader header, long dataEnd) throws IOException {
        List<NamedPath> paths = new ArrayList<>();
        for (String code : List.of("W2ru", "W2ku")) {
            for (DynamicHeader.Locator locator : header.locators()) {
                if (locator.code().equals(code) && locator.length() > 0) {
                    paths.add(new NamedPath(code, text(source, locator, dataEnd)));
                }
            }
        }
        if (!header.parentName().isEmpty()) {
            paths.add(new NamedPath("parent name", header.parentName()));
        }
        return paths;
    }

    private static String text(ByteSource source, DynamicHeader.Locator locator, long dataEnd) throws IOException {
        long length = locator.length();
        if (length > LONGEST || length % 2 != 0) {
            throw new CorruptDataException(
                    source.location(),
                    locator.entryOffset() + 8,
                    "a path in UTF-16 of at most " + LONGEST + " bytes",
                    length + " bytes");
        }
        if (locator.offset() < 0 || locator.offset() > dataEnd - length) {
            throw new CorruptDataException(
                    source.location(),
                    locator.entryOffset() + 16,
                    "a path of " + length + " bytes inside the file",
                    "offset " + Long.toUnsignedString(locator.offset()));
        }
        return text(
                StandardCharsets.UTF_16LE,
                FileStructure.read(source, locator.offset(), (int) length, "path of the parent"));
    }

    /** Returns the text before the first NUL. */
    static String text(Charset charset, ByteBuffer bytes) {
        String text = charset.decode(bytes).toString();
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
