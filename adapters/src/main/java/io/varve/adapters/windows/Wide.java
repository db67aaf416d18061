package io.varve.adapters.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Windows' wide strings: UTF-16LE with a zero behind. JNA's own follow the platform's {@code wchar_t}, which may be 4
 * bytes.
 */
public final class Wide {
    private Wide() {}

    /** In native memory that lives as long as the object. */
    public static Memory of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
        Memory memory = new Memory(bytes.length + 2L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setShort(bytes.length, (short) 0);
        return memory;
    }

    /**
     * The string at {@code offset}.
     *
     * @param limit bytes that belong to it at most; one that is not ended within them ends there
     */
    public static String read(Pointer memory, long offset, int limit) {
        int length = 0;
        while (length + 1 < limit && memory.getShort(offset + length) != 0) {
            length += 2;
        }
        return new String(memory.getByteArray(offset, length), StandardCharsets.UTF_16LE);
    }

    /**
     * The strings from {@code offset} on, one behind the other; an empty one ends them.
     *
     * @param limit as for one string
     */
    public static List<String> readAll(Pointer memory, long offset, int limit) {
        List<String> all = new ArrayList<>();
        int at = 0;
        for (String text = read(memory, offset, limit); !text.isEmpty(); ) {
            all.add(text);
            at += 2 * (text.length() + 1);
            text = at + 1 < limit ? read(memory, offset + at, limit - at) : "";
        }
        return all;
    }
}
