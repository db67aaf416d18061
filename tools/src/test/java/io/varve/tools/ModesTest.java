package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what Varve makes: the umask, 022 nearly everywhere, would let everybody. */
class ModesTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void disk() throws IOException {
        Assumptions.assumeTrue(
                temp.getFileSystem().supportedFileAttributeViews().contains("unix"), "skipped: no modes here");
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        write(0);
    }

    @AfterEach
    void forget() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private void write(long seed) throws IOException {
        byte[] content = new byte[1 << 20];
        new SplittableRandom(seed).nextBytes(content);
        Files.write(disk, content);
    }

    private static int mode(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    private List<Path> tree(Path below) throws IOException {
        try (var tree = Files.walk(below)) {
            return tree.toList();
        }
    }

    private void everything(Object... init) throws IOException {
        List<Object> words = new ArrayList<>(List.of("init", "-r", repo));
        words.addAll(List.of(init));
        Cli.run(words.toArray()).expect(ExitCode.DONE);
        List<Object> key = words.contains("--encrypt") ? List.of("--key-file", temp.resolve("key")) : List.of();
        for (int night = 0; night < 3; night++) {
            write(night);
            run(key, "backup", "--machine", "m", disk).expect(ExitCode.DONE);
        }
        run(key, "protect", "latest").expect(ExitCode.DONE);
        run(key, "forget", "--keep-last", 1).expect(ExitCode.DONE);
        run(key, "gc", "--max-delete", 100).expect(ExitCode.DONE);
        run(key, "gc", "--max-delete", 100).expect(ExitCode.DONE);
        run(key, "fsck", "--read-data").expect(ExitCode.DONE);
    }

    private Cli.Result run(List<Object> key, Object command, Object... rest) {
        List<Object> words = new ArrayList<>(List.of(command, "-r", repo));
        words.addAll(key);
        words.addAll(List.of(rest));
        return Cli.run(words.toArray());
    }

    @Test
    void nobodyElseCanReadWhatIsMade() throws IOException {
        everything("--encrypt", "--new-key-file", temp.resolve("key"));
        for (Path path : tree(repo)) {
            if (!path.startsWith(repo.resolve("index")) || path.equals(repo.resolve("index"))) {
                assertEquals(Files.isDirectory(path) ? 0700 : 0600, mode(path), path.toString());
            } // RocksDB makes its files itself; they lie behind a directory that nobody else can enter
        }
        List<Object> key = List.of("--key-file", temp.resolve("key"));
        run(key, "restore", "latest", "--to", temp.resolve("back.raw")).expect(ExitCode.DONE);
        run(key, "restore", "latest", "--to", temp.resolve("back.vhdx")).expect(ExitCode.DONE);
        run(key, "export", "latest", "--to", temp.resolve("e.varve")).expect(ExitCode.DONE);
        for (String made : List.of("back.raw", "back.vhdx", "e.varve", "key")) {
            assertEquals(0600, mode(temp.resolve(made)), made);
        }
        assertFalse(run(List.of(), "fsck").out().contains("readable-by-others"));
    }

    @Test
    void aGroupSharesAllOfIt() throws IOException {
        everything("--shared-group");
        for (Path path : tree(repo)) {
            boolean isRocksDb = path.startsWith(repo.resolve("index")) && Files.isRegularFile(path);
            int mode = mode(path) & (isRocksDb ? 0070 : 07777);
            int wanted = isRocksDb ? 0060 : Files.isDirectory(path) ? 02770 : 0660;
            assertEquals(wanted, mode & (isRocksDb ? 0060 : 07777), path.toString());
        }
        assertFalse(run(List.of(), "fsck").expect(ExitCode.DONE).out().contains("readable-by-others"));
    }

    /** Made by an earlier version, or opened up since. */
    @Test
    void aWiderRepositoryIsTold() throws IOException {
        everything();
        for (Path path : tree(repo)) {
            Files.setAttribute(path, "unix:mode", Files.isDirectory(path) ? 0755 : 0644);
        }
        Cli.Result fsck = run(List.of(), "fsck").expect(ExitCode.DONE);
        assertTrue(fsck.out().contains("readable-by-others") && fsck.out().contains("chmod -R go-rwx"), fsck.out());
        Files.setAttribute(repo, "unix:mode", 0700);
        assertFalse(run(List.of(), "fsck").expect(ExitCode.DONE).out().contains("readable-by-others"));
    }

    /** Once with sudo, and a service account could neither restore its nights nor make new ones. */
    @Test
    void rootLeavesARepositoryOfAnotherUserAlone() throws IOException {
        Assumptions.assumeTrue(Files.getAttribute(disk, "unix:uid").equals(0), "skipped: only root can play two users");
        everything();
        for (Path path : tree(repo)) {
            Files.setAttribute(path, "unix:uid", NOBODY);
        }
        Set<Path> before = new TreeSet<>(tree(repo));
        write(9);
        for (Object[] command : new Object[][] {
            {"backup", "-r", repo, "--machine", "m", disk},
            {"gc", "-r", repo},
            {"forget", "-r", repo, "--keep-last", 1, "--machine", "m"},
            {"unprotect", "-r", repo, "latest"},
            {"repair", "-r", repo, "--apply"},
            {"rebuild-index", "-r", repo}
        }) {
            Cli.Result result = Cli.run(command);
            if (!command[0].equals("forget") && !command[0].equals("unprotect")) {
                assertTrue(result.expect(ExitCode.REFUSED).err().contains("sudo -u"), result.err());
            }
        }
        Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.DONE);
        Cli.run("snapshots", "-r", repo).expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--dry-run").expect(ExitCode.DONE);
        Cli.run("repair", "-r", repo).expect(ExitCode.DONE);
        Cli.run("restore", "-r", repo, "latest", "--to", temp.resolve("back.raw"))
                .expect(ExitCode.DONE);
        for (Path path : tree(repo)) {
            assertEquals(NOBODY, Files.getAttribute(path, "unix:uid"), path + " was made by root");
        }
        assertTrue(before.containsAll(tree(repo)));

        // Shared with a group, it is for both.
        for (Path path : tree(repo)) {
            Files.setAttribute(path, "unix:mode", Files.isDirectory(path) ? 02770 : 0660);
        }
        Cli.run("backup", "-r", repo, "--machine", "m", disk).expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-delete", 100).expect(ExitCode.DONE);
        for (Path path : tree(repo)) {
            int group = Files.isDirectory(path) ? 0070 : 0060;
            assertEquals(group, mode(path) & group, path + " is for its maker alone");
        }
    }
}
