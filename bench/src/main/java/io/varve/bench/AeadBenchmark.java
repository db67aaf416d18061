package io.varve.bench;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.conscrypt.Conscrypt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * AES-256-GCM by itself, in direct buffers: the JDK's and Conscrypt's, which Varve uses. {@link SealBenchmark} has it
 * as part of storing a block.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class AeadBenchmark {
    private static final int TAG = 16;

    @Param({"SunJCE", "Conscrypt"})
    private String provider;

    @Param({"65536", "1048576"})
    private int blockSize;

    private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    private final byte[] nonce = new byte[12];
    private Cipher cipher;
    private ByteBuffer block;
    private ByteBuffer sealed;
    private ByteBuffer target;
    private long counter;

    @Setup
    public void fill() throws GeneralSecurityException {
        Provider given = provider.equals("Conscrypt") ? Conscrypt.newProvider() : Security.getProvider(provider);
        cipher = Cipher.getInstance("AES/GCM/NoPadding", given);
        block = Content.NOISE.direct(blockSize);
        target = ByteBuffer.allocateDirect(blockSize + TAG);
        sealed = ByteBuffer.allocateDirect(blockSize + TAG);
        init(Cipher.ENCRYPT_MODE, 0);
        cipher.doFinal(block.duplicate(), sealed);
        sealed.flip();
    }

    private void init(int mode, long number) throws GeneralSecurityException {
        ByteBuffer.wrap(nonce).putLong(4, number);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
    }

    @Benchmark
    public int seal() throws GeneralSecurityException {
        init(Cipher.ENCRYPT_MODE, ++counter);
        return cipher.doFinal(block.duplicate(), target.clear());
    }

    @Benchmark
    public int open() throws GeneralSecurityException {
        init(Cipher.DECRYPT_MODE, 0);
        return cipher.doFinal(sealed.duplicate(), target.clear());
    }
}
