package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a NAS, a file manager, NFS, an editor or a program that keeps folders alike leaves in every directory. */
@Tag("long")
class StrayFilesTest {
    @TempDir
    Path temp;

    @AfterEach
    void forget() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private void litter(Path repo) throws IOException {
        List<Path> directories;
        try (var tree = Files.walk(repo)) {
            directories = tree.filter(Files::isDirectory)
                    .filter(path -> !path.startsWith(repo.resolve("index")))
                    .filter(path -> !path.toString().contains("@eaDir"))
                    .toList();
        }
        for (Path directory : directories) {
            for (String name :
                    List.of(".DS_Store", "Thumbs.db", ".nfs000000000123456700000001", "#x#", "desktop.ini")) {
                Files.writeString(directory.resolve(name), "junk");
            }
            Files.createDirectories(directory.resolve("@eaDir"));
            Files.writeString(directory.resolve("@eaDir/SYNOINDEX_MEDIA_INFO"), "x");
            List<Path> objects;
            try (var entries = Files.list(directory)) {
                objects = entries.filter(Files::isRegularFile)
                        .filter(path -> path.toString().endsWith(".json"))
                        .toList();
            }
            for (Path object : objects) {
                String name = object.getFileName().toString();
                String stem = name.substring(0, name.length() - ".json".length());
                for (String copy :
                        List.of("._" + name, name + "~", "." + name + ".swp", stem + " (conflicted copy).json")) {
                    Files.copy(object, directory.resolve(copy), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Test
    void theyDoNoHarm() throws IOException {
        Path repo = temp.resolve("repo");
        Path disk = temp.resolve("disk.raw");
        Path password = temp.resolve("password");
        Files.writeString(password, "secret");
        byte[] content = new byte[1 << 20];
        Files.createDirectories(repo.resolve("lost+found"));
        Cli.run("init", "-r", repo, "--encrypt", "--password-file", password).expect(ExitCode.DONE);
        for (int night = 0; night < 4; night++) {
            new SplittableRandom(night).nextBytes(content);
            Files.write(disk, content);
            litter(repo);
            Cli.run("backup", "-r", repo, "--password-file", password, "--machine", "m", disk)
                    .expect(ExitCode.DONE);
            Cli.run("forget", "-r", repo, "--password-file", password, "--keep-last", 2)
                    .expect(ExitCode.DONE);
            litter(repo);
            Cli.run("gc", "-r", repo, "--password-file", password, "--max-delete", 100)
                    .expect(ExitCode.DONE);
        }
        litter(repo);
        assertEquals(
                2,
                Cli.run("snapshots", "-r", repo, "--password-file", password, "--json")
                        .expect(ExitCode.DONE)
                        .json()
                        .path("snapshots")
                        .size());
        Cli.Result fsck = Cli.run("fsck", "-r", repo, "--password-file", password, "--deep");
        assertTrue(fsck.expect(ExitCode.DONE).out().contains("clean"), fsck.out());
        assertTrue(fsck.out().contains("[stray-file] snapshots/"), fsck.out());
        assertTrue(fsck.out().contains("more in packs/"), fsck.out());
        assertEquals(
                1,
                Cli.run("key", "list", "-r", repo, "--json")
                        .expect(ExitCode.DONE)
                        .json()
                        .path("keys")
                        .size());
        Cli.run("stats", "-r", repo).expect(ExitCode.DONE);
        Cli.run("repair", "-r", repo, "--password-file", password, "--apply").expect(ExitCode.DONE);
        Cli.run("rebuild-index", "-r", repo).expect(ExitCode.DONE);
        Path export = temp.resolve("e.varve");
        Cli.run("export", "-r", repo, "--password-file", password, "latest", "--to", export)
                .expect(ExitCode.DONE);
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        Cli.run("import", "-r", other, export, "--from-password-file", password, "--decrypt")
                .expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, "--password-file", password, "latest", "--to", back)
                .expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
        assertFalse(Files.notExists(repo.resolve("snapshots/.DS_Store")), "nobody's to delete");
    }
}
