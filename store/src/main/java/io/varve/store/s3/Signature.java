package io.varve.store.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signature version 4 of S3: over method, path, query, headers and the digest of the body. */
final class Signature {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Signature() {}

    /** The form of a time in the header {@code x-amz-date}. */
    static String time(Instant now) {
        return TIME.format(now);
    }

    /**
     * The value of the header {@code authorization}.
     *
     * @param path percent-encoded
     * @param query percent-encoded names and values
     * @param headers all that are signed, with lower-case names; among them host, x-amz-date and x-amz-content-sha256
     */
    static String of(
            Credentials credentials,
            String region,
            String method,
            String path,
            SortedMap<String, String> query,
            SortedMap<String, String> headers) {
        String time = headers.get("x-amz-date");
        String day = time.substring(0, 8);
        List<String> parameters = new ArrayList<>();
        query.forEach((name, value) -> parameters.add(name + "=" + value));
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            lines.append(header.getKey())
                    .append(':')
                    .append(header.getValue().strip())
                    .append('\n');
        }
        String names = String.join(";", headers.keySet());
        String canonical = String.join(
                "\n",
                method,
                path,
                String.join("&", parameters),
                lines.toString(),
                names,
                headers.get("x-amz-content-sha256"));
        String scope = day + "/" + region + "/s3/aws4_request";
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", time, scope, hex(sha256(utf8(canonical))));
        byte[] key = utf8("AWS4" + credentials.secretKey());
        for (String part : List.of(day, region, "s3", "aws4_request")) {
            key = hmac(key, part);
        }
        return "AWS4-HMAC-SHA256 Credential=" + credentials.accessKey() + "/" + scope + ",SignedHeaders=" + names
                + ",Signature=" + hex(hmac(key, toSign));
    }

    /** Encodes everything but letters, digits, {@code - . _ ~}, and slashes if {@code path}. */
    static String encoded(String text, boolean path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : utf8(text)) {
            char c = (char) (b & 0xff);
            boolean unreserved = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (unreserved || "-._~".indexOf(c) >= 0 || path && c == '/') {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
