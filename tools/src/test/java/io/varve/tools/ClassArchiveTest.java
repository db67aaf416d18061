package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive that the launcher asks for: it never changes what a command says or how it ends. */
class ClassArchiveTest {
    @TempDir
    Path temp;

    private List<String> command(String classPath, Path archive) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                "-D" + ClassArchive.PROPERTY + "=" + archive,
                "-cp",
                classPath,
                "io.varve.tools.Varve",
                "--help"));
    }

    private void expectHelpAlone(List<String> command) throws Exception {
        Path err = temp.resolve("stderr.txt");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> out);
        assertEquals("", Files.readString(err));
        assertTrue(out.startsWith("Usage: ") && out.stripTrailing().endsWith("--to /vm/web1-restored.vhdx"), out);
    }

    /** The class path of this test with its directories as jars, as the JVM wants it. */
    private String jars() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            entries.add(Files.isDirectory(path) ? jar(path, entries.size()) : entry);
        }
        entries.removeIf(entry -> !Files.isRegularFile(Path.of(entry)));
        return String.join(File.pathSeparator, entries);
    }

    private String jar(Path directory, int number) throws IOException {
        Path jar = temp.resolve(number + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new ZipEntry(directory.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return jar.toString();
    }

    @Test
    void isMadeWithoutAWord() throws Exception {
        Path archive = Files.createDirectory(temp.resolve("cache")).resolve("classes.new");
        expectHelpAlone(command(jars(), archive));
        assertTrue(Files.size(archive) > 5_000_000, "of a backup, not only of --help");
        try (var left = Files.list(archive.getParent())) {
            assertEquals(List.of(archive), left.toList());
        }
    }

    /** Where files must not become large, the JVM would end with an exit code of its own. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void noRoomIsNotNoticed() throws Exception {
        Path archive = Files.createDirectory(temp.resolve("cache")).resolve("classes.new");
        List<String> limited = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 100; exec \"$@\"", "sh"));
        limited.addAll(command(jars(), archive));
        expectHelpAlone(limited);
        try (var left = Files.list(archive.getParent())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void whatTheJvmCannotArchiveIsNotNoticed() throws Exception {
        expectHelpAlone(command(System.getProperty("java.class.path"), temp.resolve("classes.new")));
        expectHelpAlone(command(jars(), temp.resolve("absent/classes.new")));
    }

    /**
     * Only one may ever try, but one that did not is none: without this a failed first backup would be the last try.
     */
    @Test
    void whoDoesNotTryGivesThePermissionBack() throws Exception {
        Path permission = Files.createDirectory(temp.resolve("classes.made"));
        List<String> wrong = command(System.getProperty("java.class.path"), temp.resolve("classes.new"));
        wrong.set(wrong.size() - 1, "nonsense");
        Process process = new ProcessBuilder(wrong)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("out").toFile())
                .start();
        assertEquals(2, process.waitFor());
        assertFalse(Files.exists(permission));
        assertFalse(Files.exists(temp.resolve("classes.new")));
    }

    /** With it the JVM itself makes the archive, and ends with an exit code of its own where there is no room. */
    @Test
    void theLaunchersLeaveItToVarve() throws IOException {
        for (String launcher : List.of("varve", "varve.bat")) {
            String text = Files.readString(Path.of("bin").resolve(launcher));
            assertFalse(text.contains("ArchiveClassesAtExit"), launcher);
            assertTrue(text.contains("\"-D" + ClassArchive.PROPERTY + "="), launcher);
        }
    }
}
