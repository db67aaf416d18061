package io.varve.adapters.hyperv.wsman;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealedBodyTest {
    /** A token of RFC 4121 for 40 bytes whose sealed text looks like a boundary. */
    private static byte[] token() {
        byte[] token = new byte[100];
        for (int i = 0; i < token.length; i++) {
            token[i] = (byte) i;
        }
        token[0] = 5;
        token[1] = 4;
        token[2] = 6;
        Arrays.fill(token, 4, 8, (byte) 0);
        byte[] boundary = "\r\n--Encrypted Boundary--\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(boundary, 0, token, 40, boundary.length);
        return token;
    }

    @Test
    void theTextIsTheEndOfTheRotatedToken() throws IOException {
        byte[] token = token();
        SealedBody.Sealed found = SealedBody.parse(SealedBody.of(token, 40));
        assertEquals(40, found.plainLength());
        byte[] rotated = found.token();
        assertEquals(28, rotated[7]);
        assertArrayEquals(Arrays.copyOfRange(token, 72, 100), Arrays.copyOfRange(rotated, 16, 44));
        assertArrayEquals(Arrays.copyOfRange(token, 16, 72), Arrays.copyOfRange(rotated, 44, 100));
    }

    @Test
    void oldKindsOfKeysAreRefused() {
        byte[] rc4 = token();
        rc4[0] = 0x60;
        String message =
                assertThrows(IOException.class, () -> SealedBody.of(rc4, 40)).getMessage();
        assertTrue(message.contains("allow AES"), message);
        assertThrows(IOException.class, () -> SealedBody.of(token(), 39));
    }

    @Test
    void aBodyThatIsCutIsRefusedAndAnyChangeIsReadInBounds() throws IOException {
        byte[] body = SealedBody.of(token(), 40);
        for (int i = 0; i < body.length - 2; i++) {
            byte[] cut = Arrays.copyOf(body, i);
            assertThrows(IOException.class, () -> SealedBody.parse(cut), "cut at " + i);
        }
        for (int i = 0; i < body.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = body.clone();
                changed[i] ^= (byte) (1 << bit);
                try {
                    assertTrue(SealedBody.parse(changed).token().length <= body.length);
                } catch (IOException e) {
                    assertTrue(e.getMessage().contains("sealed message"), e.getMessage());
                }
            }
        }
    }

    @Test
    void hugeLengthsAreRefused() {
        for (String length : new String[] {"999999999", "2147483647", "99999999999"}) {
            byte[] body = ("--b\r\nOriginalContent: type=x;Length=" + length
                            + "\r\n--b\r\nContent-Type: application/octet-stream\r\n\u00ff\u00ff\u00ff\u007fabc--b--")
                    .getBytes(StandardCharsets.ISO_8859_1);
            assertThrows(IOException.class, () -> SealedBody.parse(body));
        }
    }
}
