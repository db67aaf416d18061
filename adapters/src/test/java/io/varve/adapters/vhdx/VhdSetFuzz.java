package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.varve.adapters.fuzz.FuzzInput;
import io.varve.adapters.vhdx.read.VhdSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;

/** The bytes of the input as the headers and the name of a VHD Set; the name never leads out of its folder. */
public final class VhdSetFuzz {
    private static final PatchedFile FILE = new PatchedFile(new byte[320 << 10]);

    private VhdSetFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzInput input = new FuzzInput(data);
        int mode = input.u8();
        try {
            FILE.put(0, 8, 0x3176_7465_7364_6876L);
            for (int header = 64 << 10; header <= 128 << 10; header += 64 << 10) {
                FILE.put(header, 4, 0x7264_6873);
                for (int at = 8; at < 40; at += 4) {
                    FILE.put(header + at, 4, at == 16 && (mode & 1) == 0 ? 1 : input.value());
                }
                seal(header);
            }
            byte[] name = input.rest();
            for (int i = 0; i < Math.min(name.length, 2000); i++) {
                FILE.put((256 << 10) + i, 1, name[i]);
            }
            String found = VhdSet.dataFile(FILE.source((mode & 2) == 0 ? FILE.bytes().length : 260 << 10));
            assertFalse(found.contains("/") || found.contains("\\") || found.equals("..") || found.isEmpty(), found);
        } catch (CorruptDataException e) {
            assertFalse(e.getMessage().isEmpty());
        } finally {
            FILE.takeBack();
        }
    }

    private static void seal(int header) {
        FILE.put(header + 20, 4, 0);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(FILE.bytes(), header, 4096);
        FILE.put(header + 20, 4, crc.getValue());
    }
}
