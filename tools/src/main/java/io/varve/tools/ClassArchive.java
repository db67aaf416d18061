package io.varve.tools;

import io.varve.tools.output.Scratch;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The class archive that shortens later starts, made when a command that the launcher chose has done its work. The JVM
 * could make it by itself at exit, but where there is no room it then changes the exit code and writes among the
 * results; and made on request, in the midst, it lacks what method handles need, which costs a later backup a quarter
 * more processor time. So another process makes it at its exit, of which nobody sees how it ends. It is only a cache:
 * whatever goes wrong here, the command has ended as it has ended.
 */
final class ClassArchive {
    /** Set by the launcher, to the file that is to be made. */
    static final String PROPERTY = "varve.classes";

    /** More than twice the largest archive. */
    private static final long ROOM = 64L << 20;

    private static final int PATIENCE_SECONDS = 60;

    private ClassArchive() {}

    static void makeIfAsked(int exitCode) {
        String file = System.getProperty(PROPERTY);
        if (file == null || file.isEmpty()) {
            return;
        }
        if (exitCode == 0 || exitCode == 1) {
            make(Path.of(file).toAbsolutePath());
        } else {
            giveUp(Path.of(file));
        }
    }

    /** Lets the next backup try: the directory that the launcher made is the permission, and it is not needed. */
    private static void giveUp(Path file) {
        try {
            Files.deleteIfExists(Path.of(file.toString().replaceFirst("\\.new$", ".made")));
        } catch (IOException e) {
            return; // then there is no archive until the next upgrade
        }
    }

    private static void make(Path file) {
        try {
            if (!isArchivable() || !hasRoom(file)) {
                giveUp(file);
                return;
            }
            Path work = Files.createTempDirectory(file.getParent(), "classes-");
            try {
                run(command(file, work), work);
            } finally {
                Scratch.delete(work);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            return; // the next start is as slow as this one was
        }
    }

    /** The JVM archives no classes of a directory. */
    private static boolean isArchivable() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .allMatch(entry -> Files.isRegularFile(Path.of(entry)));
    }

    /** With the options of this JVM: an archive is only used with those it was made with. */
    private static List<String> command(Path file, Path work) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-D" + PROPERTY) && !option.startsWith("-Xlog"))
                .forEach(command::add);
        command.addAll(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + file));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(TwoNights.class.getName(), work.toString()));
        return command;
    }

    private static void run(List<String> command, Path work) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("VARVE_"));
        builder.environment().put("VARVE_CACHE", work.resolve("cache").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** What the file system says is free need not be: a quota or a limit shows only when something is written. */
    private static boolean hasRoom(Path file) throws IOException {
        Path directory = file.getParent();
        if (Files.getFileStore(directory).getUsableSpace() <= ROOM) {
            return false;
        }
        Path trial = Files.createTempFile(directory, "classes-", ".trial");
        try (OutputStream out = Files.newOutputStream(trial)) {
            byte[] piece = new byte[1 << 20];
            for (long written = 0; written < ROOM / 2; written += piece.length) {
                out.write(piece);
            }
            return true;
        } finally {
            Files.delete(trial);
        }
    }
}
