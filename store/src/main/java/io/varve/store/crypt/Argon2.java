package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The cost of trying a passphrase, as parameters of Argon2id, version 0x13.
 *
 * @param memoryKiB heap that one attempt takes, in KiB
 * @param iterations passes over that memory
 * @param lanes degree of parallelism; it affects the result, but lanes are computed one after another
 */
public record Argon2(int memoryKiB, int iterations, int lanes) {
    /** Takes about 0.7 s on one core, and 64 MiB of heap. */
    public static final Argon2 DEFAULT = new Argon2(64 << 10, 3, 4);

    /** Returns the work of one attempt: KiB of memory times passes. */
    long work() {
        return (long) memoryKiB * iterations;
    }

    /** Estimates how many seconds this much work takes, given that the default cost takes 0.7 s. */
    static long seconds(long work) {
        return Math.round(0.7 * work / DEFAULT.work());
    }

    static final String NAME = "argon2id";
    /**
     * The most memory that a key may ask for. A key object is read before anything about it is proven, and the launcher
     * gives the JVM 256 MiB of heap.
     */
    private static final int MAX_MEMORY_KIB = 160 << 10;

    private static final int MAX_ITERATIONS = 64;
    private static final int MAX_LANES = 16;

    /** @param password not retained */
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
