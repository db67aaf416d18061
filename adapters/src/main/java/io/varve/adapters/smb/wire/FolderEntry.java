package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A name in a folder (MS-SMB2 2.2.33, MS-FSCC 2.4.17).
 *
 * @param number of the file on its volume; 0 if the server has none
 */
public record FolderEntry(String name, FileFacts facts, long number) {
    private static final int BODY = Reply.HEADER;
    private static final int FIXED = 32;
    private static final int ID_BOTH = 37;
    private static final int ENTRY = 104;

    /**
     * Asks for names in an open folder, and for more of them when sent again.
     *
     * @param pattern as Windows has them
     */
    public static Request request(FileId folder, String pattern, int most) {
        byte[] name = Request.text(pattern);
        ByteBuffer body = Request.body(FIXED + Math.max(1, name.length)).putShort(0, (short) 33);
        body.put(2, (byte) ID_BOTH);
        folder.put(8, body);
        body.putShort(24, (short) (Request.HEADER + FIXED)).putShort(26, (short) name.length);
        body.putInt(28, most);
        body.put(FIXED, name);
        return new Request(Command.QUERY_DIRECTORY, body, most);
    }

    /** Without {@code .} and {@code ..}. */
    public static List<FolderEntry> decode(Reply reply, int most) throws BadReplyException {
        reply.require(9);
        int length = reply.i32(BODY + 4);
        if (length < 0 || length > most) {
            throw reply.bad("at most " + most + " bytes of names", Integer.toUnsignedString(length));
        }
        ByteBuffer all = reply.part(length == 0 ? 0 : reply.u16(BODY + 2), length);
        List<FolderEntry> entries = new ArrayList<>();
        int at = 0;
        while (length > 0) {
            if (all.limit() - at < ENTRY) {
                throw reply.bad("an entry of at least " + ENTRY + " bytes", (all.limit() - at) + " bytes");
            }
            int next = all.getInt(at);
            int nameLength = all.getInt(at + 60);
            if (nameLength < 0 || nameLength > all.limit() - at - ENTRY) {
                throw reply.bad("a name inside the answer", Integer.toUnsignedString(nameLength) + " bytes");
            }
            String name = Reply.text(all.slice(at + ENTRY, nameLength));
            if (!name.equals(".") && !name.equals("..")) {
                entries.add(entry(all, at, name));
            }
            if (next == 0) {
                break;
            }
            if (next < ENTRY || next > all.limit() - at) {
                throw reply.bad("the next entry inside " + length + " bytes", "it at " + at + " + " + next);
            }
            at += next;
        }
        return entries;
    }

    private static FolderEntry entry(ByteBuffer all, int at, String name) {
        FileFacts facts = new FileFacts(
                all.getLong(at + 8),
                all.getLong(at + 24),
                all.getLong(at + 32),
                all.getLong(at + 40),
                all.getInt(at + 56));
        return new FolderEntry(name, facts, all.getLong(at + 96));
    }
}
