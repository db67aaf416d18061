package io.varve.adapters.vss;

import com.sun.jna.Pointer;
import io.varve.adapters.vss.VssSource.VssWords;
import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.windows.PlayedFiles;
import io.varve.adapters.windows.WindowsFiles;
import io.varve.engine.Cancellation;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A host without Windows: a folder, whose VSS {@link PlayedWorker} plays in a process of its own. */
final class PlayedHost implements VssSource.Computer {
    static final UUID WEB = UUID.fromString("7802ce25-83f1-48e0-9637-941262284282");

    final Path home;
    final List<String> notices = new ArrayList<>();

    /** Workers of all nights. */
    private final List<Process> workers = Collections.synchronizedList(new ArrayList<>());

    private Optional<Thread> killer = Optional.empty();

    /** @param home a folder that exists and is empty */
    PlayedHost(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(machine());
        script(List.of());
    }

    /** The folder with the machine's files. */
    Path machine() {
        return home.resolve("volume").resolve("vm");
    }

    /**
     * What goes wrong from now on: {@code fail}, {@code die}, {@code half} or {@code hang}, and a step of the worker.
     */
    void script(List<String> faults) throws IOException {
        Files.write(home.resolve("script"), faults);
        Files.deleteIfExists(home.resolve("overflow"));
    }

    VssSource source(VssWorkerProcess.Timing timing) {
        return new VssSource(WEB, false, words(), timing, this);
    }

    private VssWords words() {
        return new VssWords(new Cancellation(), notices::add, step -> {});
    }

    @Override
    public WindowsFiles files() {
        return PlayedFiles.over(home);
    }

    @Override
    public VssWorkerProcess startWorker(VssWords words, VssWorkerProcess.Timing timing) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        classPath(),
                        PlayedWorker.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        VssWorkerProcess.Start start = () -> {
            Process process = builder.start();
            workers.add(process);
            killer.ifPresent(Thread::start);
            killer = Optional.empty();
            return process;
        };
        return VssWorkerProcess.start(start, words.notices(), timing, words.cancellation());
    }

    private static String classPath() {
        return Stream.of(PlayedWorker.class, Reply.class, PlayedFiles.class, Pointer.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** @param thread started as soon as the next worker is */
    void killAtStart(Thread thread) {
        killer = Optional.of(thread);
    }

    /** The worker that was started last. */
    Process lastWorker() {
        return workers.get(workers.size() - 1);
    }

    /** What the operating system does for a process that is gone: nobody writes to its worker any more. */
    void dies() throws IOException {
        lastWorker().getOutputStream().close();
    }

    /** Waits until no worker lives any more. */
    boolean areWorkersGone() throws InterruptedException {
        for (Process worker : workers) {
            if (!worker.waitFor(20, TimeUnit.SECONDS)) {
                return false;
            }
        }
        workers.clear();
        return true;
    }

    /** Counts the shadow copies that exist, from outside of the processes that hold them; what is gone is removed. */
    int shadowCopies() throws IOException {
        int count = 0;
        for (Path file : named(PlayedWorker.LIVE)) {
            boolean isGone;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                FileLock lock = channel.tryLock();
                isGone = lock != null;
            }
            if (isGone) {
                Files.delete(file);
            } else {
                count++;
            }
        }
        if (count == 0) {
            for (Path copy : named("HarddiskVolumeShadowCopy")) {
                deleteTree(copy);
            }
        }
        return count + named(PlayedWorker.KEPT).size();
    }

    private List<Path> named(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
