package io.varve.adapters.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.varve.store.cache.UnpackedLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;

/**
 * System calls of 64-bit Linux for holes ({@code open}, {@code lseek}, {@code close}), leases and locks
 * ({@code fcntl}), and the page cache ({@code cachestat}, which the C library does not wrap).
 */
final class LinuxCalls {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_EXCL = 0200;
    private static final int O_CLOEXEC = 02000000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;
    private static final int EAGAIN = 11;
    private static final int EBUSY = 16;

    private static final int F_SETSIG = 10;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_SETLEASE = 1024;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    /** A signal that is ignored by default. */
    private static final int SIGURG = 23;

    /** Of {@code struct flock}: type and whence, two bytes each, start at 8, length at 16, process at 24. */
    private static final int FLOCK_SIZE = 32;

    /** Result of {@link #openExclusive}: the device is claimed by another user. */
    static final int BUSY = -2;

    /** Number of {@code cachestat}, available since Linux 6.5; the same on all architectures. */
    private static final long CACHESTAT = 451;

    private static final boolean USABLE = bind();

    private LinuxCalls() {}

    /** Whether the calls can be used. The first call loads JNA. */
    static boolean isUsable() {
        return USABLE;
    }

    private static boolean bind() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return false;
        }
        try {
            if (System.getProperty("jna.platform.library.path") == null) {
                // Otherwise JNA runs ldconfig to find libraries; the C library is already loaded in this process.
                System.setProperty("jna.platform.library.path", "");
            }
            Path library = UnpackedLibrary.of(
                    Native.class,
                    "com/sun/jna/" + Platform.RESOURCE_PREFIX + "/libjnidispatch.so",
                    "libjnidispatch.so");
            // Otherwise JNA unpacks it into a directory of its own, as soon as anything of its class Native is used.
            System.setProperty("jna.boot.library.path", library.getParent().toString());
            System.setProperty("jna.nounpack", "true");
            System.setProperty("jna.nosys", "true");
            // off_t is a C long here; with 32 bits of it the offsets below would be cut off.
            if (!Platform.isLinux() || Native.LONG_SIZE != Long.BYTES) {
                return false;
            }
            Native.register(C.class, NativeLibrary.getProcess());
            return true;
        } catch (IOException | LinkageError | RuntimeException e) {
            // Native code cannot be loaded, for example because no directory allows execution. Holes are then read as
            // zeros.
            return false;
        }
    }

    /** Opens {@code path} for reading; -1 if that fails, or if the name cannot be encoded exactly. */
    static int open(Path path) {
        try {
            return C.open(bytes(path), O_RDONLY | O_CLOEXEC);
        } catch (LastErrorException | CharacterCodingException e) {
            return -1;
        }
    }

    /** Opens {@code path} for reading and writing; -1 if that fails. */
    static int openToWrite(Path path) {
        try {
            return C.open(bytes(path), O_RDWR | O_CLOEXEC);
        } catch (LastErrorException | CharacterCodingException e) {
            return -1;
        }
    }

    /**
     * Claims a block device by opening it with {@code O_EXCL}: it cannot be mounted or built on until it is closed.
     *
     * @return {@link #BUSY} if it is mounted, or held by another device or program; -1 if the call failed
     */
    static int openExclusive(Path device) {
        try {
            return C.open(bytes(device), O_RDONLY | O_EXCL | O_CLOEXEC);
        } catch (LastErrorException e) {
            return e.getErrorCode() == EBUSY ? BUSY : -1;
        } catch (CharacterCodingException e) {
            return -1;
        }
    }

    /**
     * Whether any process has a file open for writing, including this one. If so, Linux refuses a read lease.
     *
     * @param descriptor descriptor of a file on a local file system, opened read-only
     * @return empty if Linux cannot tell
     */
    static Optional<Boolean> isOpenForWriting(int descriptor) {
        try {
            // If a process opens the file between the two calls below, the kernel signals this one; SIGIO would end it.
            C.fcntl(descriptor, F_SETSIG, SIGURG);
            C.fcntl(descriptor, F_SETLEASE, F_RDLCK);
            C.fcntl(descriptor, F_SETLEASE, F_UNLCK);
            return Optional.of(false);
        } catch (LastErrorException e) {
            return e.getErrorCode() == EAGAIN ? Optional.of(true) : Optional.empty();
        }
    }

    /** Whether another process has a lock on any of {@code length} bytes from {@code start} on; false if unknown. */
    static boolean isLocked(int descriptor, long start, long length) {
        ByteBuffer flock = flock(F_WRLCK, start, length);
        try {
            C.fcntl(descriptor, F_OFD_GETLK, flock);
            return flock.getShort(0) != F_UNLCK;
        } catch (LastErrorException e) {
            return false;
        }
    }

    /** Locks bytes for reading until the descriptor is closed; false if another process has locked them for writing. */
    static boolean lockShared(int descriptor, long start, long length) {
        try {
            C.fcntl(descriptor, F_OFD_SETLK, flock(F_RDLCK, start, length));
            return true;
        } catch (LastErrorException e) {
            return false;
        }
    }

    private static ByteBuffer flock(short type, long start, long length) {
        return ByteBuffer.allocateDirect(FLOCK_SIZE)
                .order(ByteOrder.nativeOrder())
                .putShort(0, type)
                .putLong(8, start)
                .putLong(16, length);
    }

    private static byte[] bytes(Path path) throws CharacterCodingException {
        String encoding = System.getProperty("sun.jnu.encoding");
        Charset charset = encoding != null && Charset.isSupported(encoding)
                ? Charset.forName(encoding)
                : Charset.defaultCharset();
        ByteBuffer encoded = charset.newEncoder()
                .encode(CharBuffer.wrap(path.toAbsolutePath().toString()));
        byte[] terminated = new byte[encoded.remaining() + 1];
        encoded.get(terminated, 0, terminated.length - 1);
        return terminated;
    }

    /** Returns the first offset from {@code position} on that is not in a hole; -1 if only holes follow. */
    static long data(int descriptor, long position) {
        try {
            return C.lseek(descriptor, position, SEEK_DATA);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == ENXIO) {
                return -1;
            }
            throw e;
        }
    }

    /** Returns the first offset from {@code position} on that is in a hole; the end of the file counts as one. */
    static long hole(int descriptor, long position) {
        return C.lseek(descriptor, position, SEEK_HOLE);
    }

    /** Returns how many pages of {@code length} bytes from {@code offset} on are in the page cache; -1 if unknown. */
    static long cachedPages(int descriptor, long offset, long length) {
        long[] statistics = new long[5];
        try {
            C.syscall(CACHESTAT, descriptor, new long[] {offset, length}, statistics, 0);
            return statistics[0];
        } catch (LastErrorException e) {
            return -1; // an older Linux, or a container that forbids the call
        }
    }

    static void close(int descriptor) {
        try {
            C.close(descriptor);
        } catch (LastErrorException e) {
            // The result does not matter: nothing was written, and Linux frees the descriptor in any case.
        }
    }

    /** Bound to the C library by {@link #bind}. */
    private static final class C {
        static native int open(byte[] path, int flags) throws LastErrorException;

        static native long lseek(int descriptor, long offset, int whence) throws LastErrorException;

        static native int fcntl(int descriptor, int command, int argument) throws LastErrorException;

        static native int fcntl(int descriptor, int command, ByteBuffer flock) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;

        static native long syscall(long number, int descriptor, long[] range, long[] statistics, int flags)
                throws LastErrorException;
    }
}
