package io.varve.adapters.file;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * Unmaps a buffer at a known moment, not when it is garbage-collected. JDK 17 offers only
 * {@code sun.misc.Unsafe.invokeCleaner} (module {@code jdk.unsupported}) for this, which is looked up by name so that
 * the compiler needs no access to it.
 */
final class Unmapping {
    private static final Object UNSAFE;
    private static final Method INVOKE_CLEANER;

    static {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            UNSAFE = instance.get(null);
            INVOKE_CLEANER = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Unmapping() {}

    /**
     * Unmaps {@code buffer}, which must be the buffer that {@code map} returned and not a duplicate. Any later access,
     * also through duplicates, crashes the JVM; the caller must prevent that.
     */
    static void unmap(MappedByteBuffer buffer) {
        try {
            INVOKE_CLEANER.invoke(UNSAFE, buffer);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("this JVM does not unmap buffers; use the direct reader", e);
        }
    }
}
