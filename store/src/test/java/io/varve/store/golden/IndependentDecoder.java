package io.varve.store.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import net.jpountz.lz4.LZ4Factory;

/**
 * A second implementation of the format, written from {@code docs/format.md} alone: offsets in numbers, the JDK,
 * Jackson for JSON, LZ4 from its library, nothing of {@code io.varve}. Slow and strict.
 */
final class IndependentDecoder {
    private static final String ZERO = "0".repeat(64);

    private final Path root;
    private final String repositoryId;
    private final Map<String, byte[]> chunks = new HashMap<>();
    private final IndependentKeys keys; // null for a plain repository
    private int packs;

    IndependentDecoder(Path root) throws IOException {
        this(root, null);
    }

    IndependentDecoder(Path root, IndependentKeys keys) throws IOException {
        this.root = root;
        this.keys = keys;
        JsonNode config = json(root.resolve("repository.json"));
        this.repositoryId = config.get("repositoryId").textValue();
        check(config.get("format").intValue() == 1, "format");
        check(config.get("mapFanOut").intValue() == 256, "mapFanOut");
        check(config.get("encryption").isNull() == (keys == null), "encryption");
        try (var files = Files.walk(root.resolve("packs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                readPack(file);
            }
        }
    }

    int packs() {
        return packs;
    }

    int chunks() {
        return chunks.size();
    }

    static void check(boolean sound, String what) throws IOException {
        if (!sound) {
            throw new IOException("not as in docs/format.md: " + what);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        return java.util.Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static String ascii(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.US_ASCII);
    }

    /** A sealed file: its digest is that of its text with the digest's digits as zeros. */
    static JsonNode json(Path file) throws IOException {
        String text = Files.readString(file);
        JsonNode json = new JsonMapper().readTree(text);
        String digest = json.get("digest").textValue();
        check(
                sha256(text.replace(digest, ZERO).getBytes(StandardCharsets.UTF_8))
                        .equals(digest),
                file + ": digest");
        check(text.startsWith("{\n  \"") && text.endsWith("\n}\n"), file + ": canonical");
        return json;
    }

    private void readPack(Path file) throws IOException {
        byte[] pack = Files.readAllBytes(file);
        ByteBuffer bytes = ByteBuffer.wrap(pack).order(ByteOrder.LITTLE_ENDIAN);
        check(ascii(pack, 0, 8).equals("VARVPACK"), "magic");
        check(bytes.getInt(8) == 1, "version");
        String id = HexFormat.of().formatHex(pack, 16, 32);
        check(id.equals(repositoryId.replace("-", "")), "repository id");
        int trailer = pack.length - 40;
        check(ascii(pack, trailer + 32, 8).equals("VARVEND1"), "end");
        int footer = Math.toIntExact(bytes.getLong(trailer));
        int footerLength = bytes.getInt(trailer + 8);
        check(bytes.getInt(trailer + 12) == 0 && footer + footerLength == trailer, "trailer");
        String name = sha256(slice(pack, footer, footerLength));
        check(file.equals(root.resolve("packs").resolve(name.substring(0, 2)).resolve(name)), "name");
        int frame = 40;
        for (int entry = footer; entry < trailer; entry += 56) {
            check(bytes.getInt(entry + 12) == frame, "offset of a frame");
            frame = readFrame(pack, bytes, frame, entry);
        }
        check(frame == footer, "the footer follows the last frame");
        packs++;
    }

    /** @return where the next frame begins */
    private int readFrame(byte[] pack, ByteBuffer bytes, int frame, int entry) throws IOException {
        check(ascii(pack, frame, 4).equals("VFRM"), "frame");
        int kind = pack[frame + 4];
        int codec = pack[frame + 5];
        int raw = bytes.getInt(frame + 8);
        int stored = bytes.getInt(frame + 12);
        String id = HexFormat.of().formatHex(pack, frame + 16, frame + 48);
        check(pack[entry] == kind && pack[entry + 1] == codec && bytes.getShort(entry + 2) == 0, "kind and codec");
        check(bytes.getInt(entry + 4) == raw && bytes.getInt(entry + 8) == stored, "lengths");
        check(HexFormat.of().formatHex(pack, entry + 16, entry + 48).equals(id), "id");
        check(bytes.getLong(entry + 48) == bytes.getLong(frame + 48), "hash of the payload");
        check(kind >= 1 && kind <= 3 && bytes.getShort(frame + 6) == 0, "kind");
        byte[] content = slice(pack, frame + 64, stored);
        boolean sealed = codec == 2 || codec == 3 || codec == 5;
        check(sealed == (keys != null && kind != 2), "encrypted or not");
        if (sealed) {
            content = keys.open(content, id, kind, codec, raw);
            codec = codec == 5 ? 4 : codec - 2;
        }
        if (codec == 4) {
            check(content.length < raw, "compressed is smaller");
            try (ZstdInputStream plain = new ZstdInputStream(new ByteArrayInputStream(content))) {
                content = plain.readAllBytes();
            }
            check(content.length == raw, "raw length");
            codec = 0;
        }
        if (codec == 1) {
            check(content.length < raw, "compressed is smaller");
            byte[] plain = new byte[raw];
            int length = LZ4Factory.safeInstance().safeDecompressor().decompress(content, plain);
            check(length == raw, "raw length");
            content = plain;
        } else {
            check(codec == 0 && content.length == raw, "stored as it is");
        }
        check((keys == null ? sha256(content) : keys.id(content, kind)).equals(id), "chunk id");
        chunks.put(id, content);
        return frame + 64 + stored;
    }

    byte[] chunk(String id) throws IOException {
        byte[] content = chunks.get(id);
        check(content != null, "no chunk " + id);
        return content;
    }

    /** The content of a disk of a manifest, block by block from the root. */
    byte[] content(JsonNode disk) throws IOException {
        long size = disk.get("size").longValue();
        int blockSize = disk.get("blockSize").intValue();
        long blocks = (size + blockSize - 1) / blockSize;
        int levels = 1;
        for (long reach = 256; reach < blocks; reach *= 256) {
            levels++;
        }
        byte[] content = new byte[Math.toIntExact(size)];
        for (long block = 0; block < blocks; block++) {
            String id = disk.get("mapRoot").textValue();
            for (int level = levels - 1; level >= 0 && !id.equals(ZERO); level--) {
                byte[] page = chunk(id);
                check(page.length == 8208 && ascii(page, 0, 4).equals("VMAP"), "page");
                check(page[4] == 1 && page[5] == level, "version and level of a page");
                int entry = (int) (block >> (8 * level)) & 255;
                id = HexFormat.of().formatHex(page, 16 + 32 * entry, 48 + 32 * entry);
            }
            if (!id.equals(ZERO)) {
                byte[] plain = chunk(id);
                int at = Math.toIntExact(block * blockSize);
                check(plain.length == Math.min(blockSize, content.length - at), "length of a block");
                System.arraycopy(plain, 0, content, at, plain.length);
            }
        }
        return content;
    }
}
