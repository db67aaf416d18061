package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.cache.CacheDirectory;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Every native library that is not the system's or the JVM's is loaded from Varve's own directory. */
@EnabledOnOs(OS.LINUX) // which tells what is loaded
class NativeLibrariesTest {
    private static final List<String> OURS = List.of("lz4-java", "rocksdb", "zstd-jni", "jnidispatch", "conscrypt");

    @TempDir
    Path temp;

    @AfterEach
    void forget() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    @Test
    void allAreLoadedFromTheCacheAlone() throws IOException {
        Path disk = temp.resolve("disk.raw");
        Path repo = temp.resolve("repo");
        Path key = temp.resolve("key");
        Cli.run("init", "-r", repo, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        for (String compression : List.of("lz4", "zstd")) {
            Files.writeString(disk, ("text for " + compression + " ").repeat(10_000));
            Object[] backup = {
                "backup", "-r", repo, "--key-file", key, "--machine", compression, "--compression", compression, disk
            };
            Cli.run(backup).expect(ExitCode.DONE);
        }
        String cache = CacheDirectory.path().toRealPath().toString();
        Path jdk = Path.of(System.getProperty("java.home")).toRealPath();
        Set<String> found = new TreeSet<>();
        List<String> elsewhere = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            int at = line.indexOf('/');
            String path = at < 0 ? "" : line.substring(at);
            boolean isCode = line.contains(" r-xp ") && !path.isEmpty(); // whatever its name
            boolean isOfAnotherTest = path.contains("/standin"); // loaded into this JVM before
            if (!isCode
                    || isOfAnotherTest
                    || Stream.of("/lib", "/usr/", jdk + "/").anyMatch(path::startsWith)) {
                continue;
            }
            OURS.stream().filter(path::contains).forEach(found::add);
            if (!path.startsWith(cache)) {
                elsewhere.add(path);
            }
        }
        assertEquals(List.of(), elsewhere);
        assertEquals(new TreeSet<>(OURS), found);
        assertTrue(Files.isDirectory(Path.of(cache)));
    }
}
