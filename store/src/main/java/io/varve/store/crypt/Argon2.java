package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What it costs to try a passphrase: Argon2id, version 0x13.
 *
 * @param memoryKiB heap it takes
 * @param iterations passes over that memory
 * @param lanes part of the result; they run one after another here
 */
public record Argon2(int memoryKiB, int iterations, int lanes) {
    /** About 0.7 s on one core, and 64 MiB of heap. */
    public static final Argon2 DEFAULT = new Argon2(64 << 10, 3, 4);

    /** How much work trying it is, in KiB of memory gone through. */
    long work() {
        return (long) memoryKiB * iterations;
    }

    /** How long trying it takes here, about: the default cost takes 0.7 s. */
    static long seconds(long work) {
        return Math.round(0.7 * work / DEFAULT.work());
    }

    static final String NAME = "argon2id";
    /** More is not believed: a key file is read before anything is proven, in the 256 MiB of heap of the launcher. */
    private static final int MAX_MEMORY_KIB = 160 << 10;

    private static final int MAX_ITERATIONS = 64;
    private static final int MAX_LANES = 16;

    /** @param password not kept */
    byte[] hash(byte[] password, byte[] salt, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKiB)
                .withIterations(iterations)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[length];
        byte[] copy = password.clone();
        generator.generateBytes(copy, hash);
        Arrays.fill(copy, (byte) 0);
        return hash;
    }

    ObjectNode encode() {
        return SealedJson.newObject()
                .put("algorithm", NAME)
                .put("memoryKiB", memoryKiB)
                .put("iterations", iterations)
                .put("lanes", lanes);
    }

    static Argon2 decode(JsonFields json) throws CorruptDataException {
        int lanes = (int) json.number("lanes", 1, MAX_LANES);
        return new Argon2(
                (int) json.number("memoryKiB", 8L * lanes, MAX_MEMORY_KIB),
                (int) json.number("iterations", 1, MAX_ITERATIONS),
                lanes);
    }
}
