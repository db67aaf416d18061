package io.varve.tools;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Member;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The class archive that shortens later starts, made when a command that the launcher chose has done its work. The JVM
 * could make it by itself at exit, but where there is no room it then changes the exit code and writes among the
 * results. It is only a cache: whatever goes wrong here, the command has ended as it has ended.
 */
final class ClassArchive {
    /** Set by the launcher, to the file that is to be made. */
    static final String PROPERTY = "varve.classes";

    /** More than twice the largest archive: the JVM ends the process when it cannot write one to its end. */
    private static final long ROOM = 64L << 20;

    private static final int LINKS_BY_ITSELF = 25;
    private static final Pattern CLASS_NAME = Pattern.compile("\\w+(\\.[\\w$]+)+");

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
        PrintStream results = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // JDK's words
        try {
            if (isArchivable() && hasRoom(file)) {
                if (Runtime.version().feature() < LINKS_BY_ITSELF) {
                    link(ask("vmClassloaders", "show-classes"));
                }
                ask("vmCds", "dynamic_dump", file.toString());
            } else {
                giveUp(file);
            }
        } catch (IOException | JMException | RuntimeException | Error e) {
            return; // a JVM that cannot; the next start is as slow as this one was
        } finally {
            System.setOut(results);
        }
    }

    /** The JVM ends the process, too, when it is to archive classes of a directory. */
    private static boolean isArchivable() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .allMatch(entry -> Files.isRegularFile(Path.of(entry)));
    }

    private static String ask(String command, String... arguments) throws JMException {
        Object answer = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        command,
                        new Object[] {arguments},
                        new String[] {String[].class.getName()});
        return String.valueOf(answer);
    }

    /**
     * Links what is loaded. Java 17 leaves out of an archive made on request what is not linked, a tenth, and each
     * later start pays for that. Asking for members links a class without running anything of it.
     */
    private static void link(String loaded) {
        Stream.of(loaded.split("\\s+"))
                .filter(word -> CLASS_NAME.matcher(word).matches())
                .forEach(ClassArchive::linkOne);
    }

    private static void linkOne(String name) {
        try {
            Class<?> type = Class.forName(name, false, ClassArchive.class.getClassLoader());
            Member[] members = type.isInterface() ? type.getDeclaredFields() : type.getDeclaredConstructors();
            Objects.requireNonNull(members);
        } catch (ClassNotFoundException | LinkageError e) {
            return; // of another loader, or one of the JVM's own making
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
