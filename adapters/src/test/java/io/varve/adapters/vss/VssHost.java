package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.NativeLibrary;
import io.varve.adapters.vss.VssSource.VssWords;
import io.varve.adapters.windows.WindowsFiles;
import io.varve.engine.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The host that the stand-in for {@code vssapi.dll} plays, described by a script in the folder of the environment
 * variable {@code VARVE_STANDIN_VSS}. One at a time.
 */
final class VssHost {
    static final UUID WEB = UUID.fromString("7802ce25-83f1-48e0-9637-941262284282");
    private static final int MARKER = 0x56535331;
    private static final VssWorkerProcess.Timing TIMING = new VssWorkerProcess.Timing(60, 60, 20);

    final Path home;
    final Path volume;
    final List<String> notices = new ArrayList<>();
    private final List<String> script = new ArrayList<>();
    private volatile Process worker;
    private Runnable started = () -> {};

    /** @param volume the folder that is volume {@code V1} */
    VssHost(Path volume) throws IOException {
        String folder = System.getenv("VARVE_STANDIN_VSS");
        String libraries = System.getProperty("varve.standin");
        if (folder == null || libraries == null) {
            throw new IOException("VARVE_STANDIN_VSS and varve.standin must name the stand-in's folders");
        }
        String library = Path.of(libraries, "vssapi-standin.dll").toString();
        assertEquals(
                MARKER,
                NativeLibrary.getInstance(library).getFunction("StandinMarker").invokeInt(new Object[0]));
        System.setProperty("varve.vssapi", library);
        System.setProperty("varve.vss.pause", "0");
        this.home = Path.of(folder);
        this.volume = volume;
        Files.createDirectories(home);
        for (Path file : list(file -> true)) {
            deleteTree(file);
        }
        volume("V1", volume, volume);
    }

    private List<Path> list(Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> wanted.test(file.getFileName().toString()))
                    .toList();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.list(root)) {
                for (Path file : files.toList()) {
                    deleteTree(file);
                }
            }
        }
        Files.delete(root);
    }

    void volume(String name, Path mount, Path content) {
        volume(name, mount, content, "NTFS");
    }

    void volume(String name, Path mount, Path content, String fileSystem) {
        script("volume " + mount + "\\|\\\\?\\Volume{" + name + "}\\|" + fileSystem + "|" + content);
    }

    void web(String mode) {
        machine(WEB, mode + "\\web1");
    }

    void machine(UUID id, String caption) {
        script("machine " + id.toString().toUpperCase(java.util.Locale.ROOT) + "|" + caption);
    }

    /** A file of the machine that was named last. */
    void file(Path folder, String pattern, boolean recursive) {
        script("file " + folder + "\\|" + pattern + "|" + (recursive ? 1 : 0));
    }

    void script(String line) {
        script.add(line);
    }

    VssSource source(boolean allowSavedState) throws IOException {
        return source(allowSavedState, TIMING);
    }

    VssSource source(boolean allowSavedState, VssWorkerProcess.Timing timing) throws IOException {
        Files.writeString(home.resolve("script"), String.join("\n", script) + "\n", StandardCharsets.UTF_8);
        return new VssSource(WEB, allowSavedState, words(), timing, new Kept());
    }

    /** This computer; the worker that was started last can be got at. */
    private final class Kept implements VssSource.Computer {
        @Override
        public WindowsFiles files() throws IOException {
            return new VssSource.ThisComputer().files();
        }

        @Override
        public VssWorkerProcess startWorker(VssWords words, VssWorkerProcess.Timing timing) throws IOException {
            ProcessBuilder builder =
                    new ProcessBuilder(VssWorkerProcess.command()).redirectError(ProcessBuilder.Redirect.INHERIT);
            VssWorkerProcess.Start start = () -> {
                worker = builder.start();
                started.run();
                return worker;
            };
            return VssWorkerProcess.start(start, words.notices(), timing, words.cancellation());
        }
    }

    /** The worker that was started last. */
    Process worker() {
        return worker;
    }

    /** @param then run as soon as a worker is started */
    void whenStarted(Runnable then) {
        started = then;
    }

    VssWords words() {
        return new VssWords(new Cancellation(), notices::add, step -> {});
    }

    /** For a process of its own; the script is there already. */
    static VssSource dying() {
        VssWords silent = new VssWords(new Cancellation(), notice -> {}, step -> {});
        return new VssSource(WEB, false, silent, new VssWorkerProcess.Timing(60, 15, 5));
    }

    /** What was called so far. */
    List<String> calls() throws IOException {
        Path calls = home.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    long count(String call) throws IOException {
        return calls().stream().filter(call::equals).count();
    }

    /** Shadow copies that exist now. */
    int shadowCopies() throws IOException {
        return list(name -> name.startsWith("live-")).size();
    }

    /** Waits for what Windows does when a process has ended. */
    void assertNoShadowCopies() throws IOException, InterruptedException {
        for (int i = 0; i < 100 && shadowCopies() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        assertEquals(0, shadowCopies(), "shadow copies left behind; calls: " + calls());
    }
}
