package io.varve.adapters.hyperv.wsman;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sealed message in the form that WinRM gives it ([MS-WSMV] 2.2.9.1): two parts, of which the second is the length of
 * the signature (four bytes, little-endian), the signature and the sealed text. Signature and text are one GSS token.
 * They are found by their lengths: any bytes may be in them, a boundary too.
 */
final class SealedBody {
    static final String PROTOCOL = "application/HTTP-SPNEGO-session-encrypted";
    static final String CONTENT_TYPE =
            "multipart/encrypted;protocol=\"" + PROTOCOL + "\";boundary=\"Encrypted Boundary\"";

    private static final String CONTENT = "application/soap+xml;charset=UTF-8";
    private static final String LINE = "\r\n";
    private static final String BOUNDARY = "--Encrypted Boundary";
    private static final String OCTETS = "\tContent-Type: application/octet-stream" + LINE;
    private static final Pattern LENGTH =
            Pattern.compile("(?i)OriginalContent:[^\r\n]*;\\s*Length=([0-9]{1,9})\\s*\r\n");
    private static final Pattern START = Pattern.compile("(?i)Content-Type:\\s*application/octet-stream\\s*\r\n");

    /** Signature of RFC 4121 for AES: header, checksum with a copy of the header, confounder. */
    private static final int SIGNATURE = 60;

    private static final int HEADER = 16;
    private static final int ROTATION = 28;

    /** A prefix that is longer than this is none. */
    private static final int LONGEST_PREFIX = 4096;

    private SealedBody() {}

    /**
     * What was sealed.
     *
     * @param plainLength bytes that must come out when it is opened
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    record Sealed(byte[] token, int plainLength) {}

    /**
     * Makes a body.
     *
     * @param token of GSS wrap, with AES
     * @throws IOException when another kind of key sealed it
     */
    static byte[] of(byte[] token, int plainLength) throws IOException {
        byte[] rotated = rotated(token);
        if (rotated.length != SIGNATURE + plainLength) {
            throw new IOException("a seal of " + (rotated.length - plainLength) + " bytes, expected " + SIGNATURE);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(rotated.length + 400);
        body.writeBytes(ascii(BOUNDARY + LINE + "\tContent-Type: " + PROTOCOL + LINE + "\tOriginalContent: type="
                + CONTENT + ";Length=" + plainLength + LINE + BOUNDARY + LINE + OCTETS));
        body.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(SIGNATURE)
                .array());
        body.writeBytes(rotated);
        body.writeBytes(ascii(BOUNDARY + "--" + LINE));
        return body.toByteArray();
    }

    /**
     * The token with what follows its text moved before it, so that the text is the end (RFC 4121, 4.2.5). Windows asks
     * for this; the receiver turns it back.
     */
    private static byte[] rotated(byte[] token) throws IOException {
        boolean isSealed = token.length >= SIGNATURE && token[0] == 5 && token[1] == 4 && (token[2] & 2) != 0;
        if (!isSealed) {
            throw new IOException(
                    "the ticket's encryption type is too old to seal messages: allow AES for the accounts of"
                            + " user and host (msDS-SupportedEncryptionTypes)");
        }
        ByteBuffer header = ByteBuffer.wrap(token);
        if (header.getShort(4) != 0 || header.getShort(6) != 0) {
            throw new IOException("a seal with padding or rotation: not known for AES");
        }
        byte[] rotated = Arrays.copyOf(token, token.length);
        ByteBuffer.wrap(rotated).putShort(6, (short) ROTATION);
        int rest = token.length - HEADER;
        System.arraycopy(token, token.length - ROTATION, rotated, HEADER, ROTATION);
        System.arraycopy(token, HEADER, rotated, HEADER + ROTATION, rest - ROTATION);
        return rotated;
    }

    /**
     * Takes a body apart.
     *
     * @throws IOException when it is not one sealed message and nothing else
     */
    static Sealed parse(byte[] body) throws IOException {
        // One character for each byte, so that places in the text are places in the body.
        String prefix = new String(body, 0, Math.min(body.length, LONGEST_PREFIX), StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(prefix);
        Matcher start = START.matcher(prefix);
        if (!prefix.startsWith("--") || !length.find() || !start.find(length.end())) {
            throw new IOException("expected a sealed message, found something else");
        }
        String boundary = prefix.substring(0, Math.max(0, prefix.indexOf(LINE)));
        int plainLength = Integer.parseInt(length.group(1));
        int offset = start.end();
        int left = body.length - offset - 4;
        int signature = left < 0
                ? -1
                : ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
        byte[] end = ascii(boundary + "--");
        // By subtraction: a sum of lengths that somebody else chose may overflow.
        if (signature < 1 || signature > left || plainLength > left - signature - end.length) {
            throw new IOException("a sealed message of " + body.length + " bytes says that its signature has "
                    + signature + " bytes and its text " + plainLength);
        }
        int tokenEnd = offset + 4 + signature + plainLength;
        String rest = new String(body, tokenEnd, body.length - tokenEnd, StandardCharsets.ISO_8859_1);
        if (!rest.strip().equals(boundary + "--")) {
            throw new IOException("a sealed message is followed by something else, or is longer than it says");
        }
        return new Sealed(Arrays.copyOfRange(body, offset + 4, tokenEnd), plainLength);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a Content-Type is that of a sealed message. */
    static boolean isSealed(Optional<String> contentType) {
        return contentType
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/encrypted"))
                .orElse(false);
    }
}
