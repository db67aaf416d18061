package io.varve.adapters.virtdisk;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.varve.adapters.contract.Program;
import io.varve.adapters.windows.HandleCalls;
import io.varve.adapters.windows.Patience;
import io.varve.adapters.windows.Wide;
import io.varve.engine.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The stand-in for {@code virtdisk.dll}, built with this machine's compiler; on Windows, as under wine, the DLL that
 * the system property {@code varve.standin} names the folder of.
 */
public final class StandIn {
    private static final int MARKER = 0x56444b32;

    /** Libraries by name, compiled once. */
    private static final Map<String, byte[]> COMPILED = new ConcurrentHashMap<>();

    /** What only a stand-in has. */
    interface Control extends Library {
        int StandinMarker();

        int StandinOpen();

        int StandinAttached();

        int StandinEvents();

        void StandinReset();

        void StandinForget();

        void StandinState(Pointer file);
    }

    private final Path library;
    private final Control control;
    private final Path notes;

    private StandIn(Path library, Control control, Path notes) {
        this.library = library;
        this.control = control;
        this.notes = notes;
    }

    /** @param directory of this test alone: notes of what is attached go to {@code attachments} in it */
    public static StandIn build(Path directory) throws IOException {
        return load(library("virtdisk", directory), directory.resolve("attachments"));
    }

    /**
     * The stand-in of that name.
     *
     * @param directory where it is built, if it has to be
     */
    static Path library(String name, Path directory) throws IOException {
        return Platform.isWindows() ? prebuilt(name) : compiled(name, directory);
    }

    private static Path prebuilt(String name) throws IOException {
        String folder = System.getProperty("varve.standin");
        if (folder == null) {
            throw new IOException("varve.standin does not name the stand-ins; Windows' own library is not tested here");
        }
        return Path.of(folder, name + "-standin.dll");
    }

    /** A copy for each test: a library that is loaded once has one state. */
    private static Path compiled(String name, Path directory) throws IOException {
        Path library = directory.resolve(name + "-standin.so");
        byte[] known = COMPILED.get(name);
        if (known != null) {
            return Files.write(library, known);
        }
        compile(name, library);
        COMPILED.put(name, Files.readAllBytes(library));
        return library;
    }

    private static void compile(String name, Path library) throws IOException {
        Path source = Path.of("src", "test", "native", name + ".c");
        Program.Result built =
                Program.run("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString());
        boolean isThere = built.exitCode() != -1;
        if (!isThere && System.getenv("CI") == null) {
            Assumptions.abort("skipped: no C compiler to build the stand-in of " + name + ".dll with");
        }
        if (built.exitCode() != 0) {
            throw new IOException("the stand-in cannot be built: " + built.output());
        }
    }

    private static StandIn load(Path library, Path notes) throws IOException {
        Control control = Native.load(library.toString(), Control.class);
        if (control.StandinMarker() != MARKER) {
            throw new IOException("another library was loaded");
        }
        control.StandinReset();
        control.StandinForget();
        return new StandIn(library, control, notes);
    }

    Path library() {
        return library;
    }

    public Virtdisk virtdisk() {
        return virtdisk(new Patience(60_000, new Cancellation()));
    }

    /** @param patience for each call */
    public Virtdisk virtdisk(Patience patience) {
        return new Virtdisk(
                Native.load(library.toString(), VirtdiskLibrary.class),
                Native.load(library.toString(), HandleCalls.class),
                1,
                patience,
                new Attachments(notes));
    }

    /** Notes of what is attached. */
    List<String> notes() throws IOException {
        try (Stream<Path> files = Files.list(notes)) {
            return files.map(Path::toString).toList();
        }
    }

    /** Handles that nobody has closed. */
    public int open() {
        return control.StandinOpen();
    }

    /** Disks that nobody has detached. */
    public int attached() {
        return control.StandinAttached();
    }

    /** Events that nobody has closed. */
    int events() {
        return control.StandinEvents();
    }

    /** Also writes what is open, attached and waited for into {@code file}, now and whenever it changes. */
    void keepState(Path file) {
        control.StandinState(Wide.of(file.toString()));
    }

    /** Forgets how often each fault struck. */
    void reset() {
        control.StandinReset();
    }

    /** Makes a disk file that the stand-in knows. */
    public static void describe(Path disk, String... lines) throws IOException {
        Files.writeString(standIn(disk), String.join("\n", lines) + "\n");
    }

    static void add(Path disk, String line) throws IOException {
        Files.writeString(standIn(disk), line + "\n", StandardOpenOption.APPEND);
    }

    private static Path standIn(Path disk) {
        return disk.resolveSibling(disk.getFileName() + ".standin");
    }

    /** As it lies in memory of Windows. */
    public static String hex(UUID id) {
        String text = id.toString().replace("-", "");
        return text.substring(6, 8)
                + text.substring(4, 6)
                + text.substring(2, 4)
                + text.substring(0, 2)
                + text.substring(10, 12)
                + text.substring(8, 10)
                + text.substring(14, 16)
                + text.substring(12, 14)
                + text.substring(16);
    }
}
