package io.varve.adapters.vhdx.format;

import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of the file (MS-VHDX 2.2.1).
 *
 * @param creator program that made the file; never decides anything. Need not be valid UTF-16 in the file; what is not,
 *     and control characters, become U+FFFD here
 */
public record FileIdentifier(String creator) {
    public static FileIdentifier read(ByteSource source) throws IOException {
        ByteBuffer bytes =
                StructureReader.read(source, 0, VhdxFormat.CREATOR_AT + VhdxFormat.CREATOR_SIZE, "file identifier");
        if (bytes.getLong(0) != VhdxFormat.FILE_SIGNATURE) {
            throw new CorruptDataException(
                    source.location(), 0, "a VHDX, which begins with \"vhdxfile\"", found(bytes));
        }
        bytes.position(VhdxFormat.CREATOR_AT);
        String text = StandardCharsets.UTF_16LE.decode(bytes).toString();
        int end = text.indexOf('\0');
        return new FileIdentifier((end < 0 ? text : text.substring(0, end)).replaceAll("\\p{Cntrl}", "\uFFFD"));
    }

    private static String found(ByteBuffer bytes) {
        byte[] start = new byte[8];
        bytes.get(0, start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        switch (text) {
            case "conectix":
                return "\"conectix\": an old VHD";
            case "vhdsetv1":
                return "\"vhdsetv1\": a VHD Set, whose data is in another file";
            default:
                return text.chars().allMatch(c -> c >= ' ' && c <= '~')
                        ? "\"" + text + "\""
                        : String.format("bytes %016x", Long.reverseBytes(bytes.getLong(0)));
        }
    }
}
