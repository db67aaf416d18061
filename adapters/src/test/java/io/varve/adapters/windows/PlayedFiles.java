package io.varve.adapters.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The calls of {@code kernel32.dll} over files of this computer, so that what reads devices of shadow copies runs
 * without Windows: {@code \\?\GLOBALROOT\Device\NAME\…} is {@code NAME/…} in a folder. Knows no links.
 */
public final class PlayedFiles implements FileCalls {
    private static final String DEVICE = "\\\\?\\GLOBALROOT\\Device\\";
    private static final int LONGEST = 1 << 16;
    private static final int FOLDER = 16;
    private static final int INVALID_PARAMETER = 87;
    private static final int IO_DEVICE = 1117;

    private final Path root;
    private final Map<Pointer, Object> open = new ConcurrentHashMap<>(); // a channel, an event or a search
    private final AtomicLong handles = new AtomicLong(1000);

    private PlayedFiles(Path root) {
        this.root = root;
    }

    /** @param root the folder that has the devices */
    public static WindowsFiles over(Path root) {
        return new WindowsFiles(new PlayedFiles(root), 1);
    }

    /** What the device is called. */
    public static String device(String name) {
        return DEVICE + name;
    }

    private record Opened(Path file, FileChannel channel) {}

    private Path path(Pointer name) {
        String text = Wide.read(name, 0, LONGEST);
        return root.resolve(text.substring(DEVICE.length()).replace('\\', '/'));
    }

    private Pointer added(Object opened) {
        Pointer handle = new Pointer(handles.incrementAndGet());
        open.put(handle, opened);
        return handle;
    }

    private static int fails(int code) {
        Native.setLastError(code);
        return 0;
    }

    @Override
    public Pointer CreateFileW(
            Pointer name, int access, int share, Pointer security, int disposition, int flags, Pointer template) {
        Path file = path(name);
        try {
            return added(new Opened(file, FileChannel.open(file, StandardOpenOption.READ)));
        } catch (IOException e) {
            fails(WindowsAbi.ERROR_FILE_NOT_FOUND);
            return WindowsAbi.INVALID_HANDLE;
        }
    }

    @Override
    public int GetFileSizeEx(Pointer handle, Pointer size) {
        try {
            size.setLong(0, ((Opened) open.get(handle)).channel.size());
            return 1;
        } catch (IOException e) {
            return fails(IO_DEVICE);
        }
    }

    @Override
    public int GetFileInformationByHandle(Pointer handle, Pointer information) {
        try {
            long number = (Long) Files.getAttribute(((Opened) open.get(handle)).file, "unix:ino");
            information.setInt(WindowsAbi.INFORMATION_VOLUME, 1);
            information.setInt(WindowsAbi.INFORMATION_INDEX_HIGH, (int) (number >>> 32));
            information.setInt(WindowsAbi.INFORMATION_INDEX_LOW, (int) number);
            return 1;
        } catch (IOException e) {
            return fails(IO_DEVICE);
        }
    }

    @Override
    public Pointer FindFirstFileW(Pointer pattern, Pointer found) {
        Path wanted = path(pattern);
        String name = wanted.getFileName().toString();
        try (Stream<Path> files = Files.list(wanted.getParent())) {
            List<Path> all = files.filter(file -> name.equals("*")
                            || name.equalsIgnoreCase(file.getFileName().toString()))
                    .sorted(Comparator.naturalOrder())
                    .toList();
            Iterator<Path> rest = all.iterator();
            if (!rest.hasNext()) {
                fails(WindowsAbi.ERROR_FILE_NOT_FOUND);
                return WindowsAbi.INVALID_HANDLE;
            }
            fill(rest.next(), found);
            return added(rest);
        } catch (IOException | UncheckedIOException e) {
            fails(3);
            return WindowsAbi.INVALID_HANDLE;
        }
    }

    private static void fill(Path file, Pointer found) {
        found.setInt(WindowsAbi.FIND_ATTRIBUTES, Files.isDirectory(file) ? FOLDER : 0);
        byte[] name = (file.getFileName() + "\0").getBytes(StandardCharsets.UTF_16LE);
        found.write(WindowsAbi.FIND_NAME, name, 0, name.length);
    }

    @Override
    public int FindNextFileW(Pointer search, Pointer found) {
        if (open.get(search) instanceof Iterator<?> rest && rest.hasNext()) {
            fill((Path) rest.next(), found);
            return 1;
        }
        return fails(WindowsAbi.ERROR_NO_MORE_FILES);
    }

    @Override
    public int FindClose(Pointer search) {
        return open.remove(search) == null ? 0 : 1;
    }

    @Override
    public int CloseHandle(Pointer handle) {
        try {
            Object closed = open.remove(handle);
            if (closed instanceof Opened file) {
                file.channel.close();
            }
            return closed == null ? 0 : 1;
        } catch (IOException e) {
            return fails(IO_DEVICE);
        }
    }

    @Override
    public Pointer CreateEventW(Pointer security, int manualReset, int initial, Pointer name) {
        return added("event");
    }

    /** Done when it returns, so the handle and the event need not be waited for. */
    @Override
    public int ReadFile(Pointer handle, Pointer target, int length, IntByReference got, Pointer overlapped) {
        if (!(open.get(handle) instanceof Opened file) || got != null) {
            return fails(INVALID_PARAMETER);
        }
        long offset = Integer.toUnsignedLong(overlapped.getInt(WindowsAbi.OVERLAPPED_OFFSET))
                | (long) overlapped.getInt(WindowsAbi.OVERLAPPED_OFFSET_HIGH) << 32;
        ByteBuffer bytes = target.getByteBuffer(0, length);
        try {
            while (bytes.hasRemaining() && file.channel.read(bytes, offset + bytes.position()) > 0) {}
        } catch (IOException e) {
            return fails(IO_DEVICE);
        }
        overlapped.setLong(8, bytes.position());
        return bytes.position() == 0 ? fails(WindowsAbi.ERROR_HANDLE_EOF) : 1;
    }

    @Override
    public int GetOverlappedResult(Pointer handle, Pointer overlapped, IntByReference got, int wait) {
        got.setValue((int) overlapped.getLong(8));
        return 1;
    }

    @Override
    public int WaitForSingleObject(Pointer event, int millis) {
        return 0;
    }

    @Override
    public int CancelIoEx(Pointer handle, Pointer overlapped) {
        return 1;
    }
}
