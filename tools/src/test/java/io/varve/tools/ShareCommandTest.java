package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.smb.SambaServer;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands with disks on a share of a real Samba. */
class ShareCommandTest {
    private static final int SIZE = 8 << 20;

    @TempDir
    private Path folder;

    private SambaServer samba;
    private Path password;
    private byte[] content;

    @BeforeEach
    void start() throws Exception {
        samba = SambaServer.start();
        password = Files.writeString(folder.resolve("password"), SambaServer.PASSWORD + "\n");
        content = new byte[SIZE];
        new SplittableRandom(5).nextBytes(content);
        Cli.run("init", "-r", folder.resolve("repo")).expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() throws IOException {
        if (samba != null) {
            samba.close();
        }
    }

    private String url(String path) {
        return "smb://" + samba.address() + "/vm/" + path;
    }

    private void vhdx(String path) throws IOException {
        Path file = samba.folder().resolve(path);
        Files.createDirectories(file.getParent());
        try (VhdxTarget target = VhdxTarget.create(file, NewVhdx.ofSize(SIZE), false)) {
            target.write(0, ByteBuffer.wrap(content));
            target.commit();
        }
    }

    private Cli.Result backup(Object... more) {
        Object[] fixed = {"backup", "-r", folder.resolve("repo"), "--machine", "web1"};
        Object[] all = new Object[fixed.length + 4 + more.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(
                new Object[] {"--smb-user", SambaServer.USER, "--smb-password-file", password},
                0,
                all,
                fixed.length,
                4);
        System.arraycopy(more, 0, all, fixed.length + 4, more.length);
        return Cli.run(all);
    }

    private void assertRestores() throws IOException {
        Path disk = folder.resolve("out.raw");
        Cli.run("restore", "-r", folder.resolve("repo"), "latest", "--to", disk, "--force")
                .expect(ExitCode.DONE);
        try (RandomAccessFile restored = new RandomAccessFile(disk.toFile(), "r")) {
            byte[] found = new byte[SIZE];
            restored.readFully(found);
            assertTrue(Arrays.equals(content, found), "the restored disk is another");
        }
    }

    @Test
    void backsUpADiskOnAShare() throws IOException {
        vhdx("web1/system.vhdx");
        backup(url("web1/system.vhdx")).expect(ExitCode.DONE);
        assertRestores();
        Cli.Result again = backup("--json", url("web1/system.vhdx")).expect(ExitCode.DONE);
        assertFalse(again.out().isEmpty());
    }

    @Test
    void inspectsADiskOnAShare() throws IOException {
        vhdx("web1/system.vhdx");
        Object[] account = {"--smb-user", SambaServer.USER, "--smb-password-file", password};
        for (String command : new String[] {"info", "map", "check"}) {
            Cli.Result result = Cli.run(
                            "vhdx", command, account[0], account[1], account[2], account[3], url("web1/system.vhdx"))
                    .expect(ExitCode.DONE);
            assertFalse(result.out().isBlank());
        }
    }

    /** A child in one folder, its parent in another; what the child has written is on top. */
    private void chain() throws IOException {
        vhdx("base/parent.vhdx");
        Path parent = samba.folder().resolve("base/parent.vhdx");
        Path child = Files.createDirectories(samba.folder().resolve("web1")).resolve("child.avhdx");
        UUID state;
        try (VhdxChain opened = VhdxChain.open(new LocalFile(parent, Reader.AUTO), ParentSearch.sameFolder())) {
            state = opened.dataWriteGuids().get(0);
        }
        NewVhdx shape = NewVhdx.ofSize(SIZE).asChildOf(NewParent.at(parent, child, state));
        try (DiskTarget target = VhdxDifferenceTarget.create(child, shape, false)) {
            Arrays.fill(content, 1 << 20, 1 << 21, (byte) 7);
            target.write(1 << 20, ByteBuffer.wrap(content, 1 << 20, 1 << 20));
            target.commit();
        }
    }

    @Test
    void backsUpAChainOnAShare() throws IOException {
        chain();
        Cli.Result alone = backup(url("web1/child.avhdx")).expect(ExitCode.SOURCE_FAILED);
        assertTrue(alone.err().contains("--allow-parent-outside"), alone.err());
        backup("--parent", url("base"), "system=" + url("web1/child.avhdx")).expect(ExitCode.DONE);
        assertRestores();
        backup("--allow-parent-outside", "system=" + url("web1/child.avhdx")).expect(ExitCode.DONE);
        Object[] account = {"--smb-user", SambaServer.USER, "--smb-password-file", password};
        for (String command : new String[] {"map", "check"}) {
            List<Object> all = new ArrayList<>(List.of("vhdx", command, "--parent", url("base")));
            all.addAll(List.of(account));
            all.add(url("web1/child.avhdx"));
            // The check says that the paths in the child do not lead there by themselves.
            Cli.run(all.toArray()).expect(command.equals("map") ? ExitCode.DONE : ExitCode.WARNINGS);
        }
    }

    private Cli.Result restore(String path, Object... more) {
        List<Object> all =
                new ArrayList<>(List.of("restore", "-r", folder.resolve("repo"), "latest", "--to", url(path)));
        all.addAll(List.of("--smb-user", SambaServer.USER, "--smb-password-file", password));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    /** What was restored onto the share is backed up from there, and restored here. */
    @Test
    void restoresOntoAShare() throws IOException {
        vhdx("web1/system.vhdx");
        backup(url("web1/system.vhdx")).expect(ExitCode.DONE);
        Files.createDirectories(samba.folder().resolve("back"));
        for (String name : new String[] {"a.vhdx", "b.vhd", "c.raw"}) {
            Cli.Result done = restore("back/" + name).expect(ExitCode.DONE);
            assertTrue(done.out().contains("restored disk system"), done.out());
            backup("system=" + url("back/" + name)).expect(ExitCode.DONE);
            assertRestores();
        }
        restore("back/d.vhdx", "--format", "vhdx-fixed").expect(ExitCode.DONE);
        assertTrue(Files.size(samba.folder().resolve("back/d.vhdx")) > SIZE);
        Cli.Result there = restore("back/a.vhdx").expect(ExitCode.USAGE);
        assertTrue(there.err().contains("exists: choose another name, or --force"), there.err());
        restore("back/a.vhdx", "--force").expect(ExitCode.DONE);
        restore("back/e.raw", "--in-place").expect(ExitCode.USAGE);
        restore("back/e.qcow2").expect(ExitCode.USAGE);
        restore("none/e.raw").expect(ExitCode.TARGET_FAILED);
        try (var files = Files.list(samba.folder().resolve("back"))) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void refusalsAreUnavailableSources() throws IOException {
        Cli.Result missing = backup(url("web1/none.vhdx")).expect(ExitCode.SOURCE_FAILED);
        assertTrue(missing.err().contains("no such folder") || missing.err().contains("no such file"), missing.err());
        Files.writeString(password, "wrong\n");
        Cli.Result wrong = backup(url("web1/none.vhdx")).expect(ExitCode.SOURCE_FAILED);
        assertTrue(wrong.err().contains("wrong user or password"), wrong.err());
        assertEquals(ExitCode.USAGE.code(), backup("smb://" + samba.address()).code());
        assertEquals(ExitCode.USAGE.code(), backup("smb://me@host/vm/x.vhdx").code());
    }
}
