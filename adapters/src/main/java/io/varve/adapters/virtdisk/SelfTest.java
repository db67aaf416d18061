package io.varve.adapters.virtdisk;

import io.varve.adapters.rct.ChangePage;
import io.varve.adapters.windows.Win32Error;
import io.varve.adapters.windows.Win32Exception;
import io.varve.store.fault.Count;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Tests what Varve relies on in Windows and could not try without a Windows host, on a scratch disk that it makes and
 * deletes. Records what Windows answers, expected or not; only the scratch disk is touched.
 */
public final class SelfTest {
    /** Name of the scratch disk in the folder that is given. */
    public static final String SCRATCH = "varve-selftest.vhdx";

    private static final long SIZE = 64L << 20;
    private static final String NO_ID = "no-such-change-id";

    private final Virtdisk virtdisk;
    private final Scratch scratch;
    private final Path disk;
    private final List<Answer> answers = new ArrayList<>();
    private String id = "";
    private Object identifier = "none";

    /** @param folder where the scratch disk goes, on a volume like those of the machines' disks */
    public SelfTest(Virtdisk virtdisk, Scratch scratch, Path folder) {
        this.virtdisk = virtdisk;
        this.scratch = scratch;
        this.disk = folder.resolve(SCRATCH);
    }

    /** Makes a dynamic VHDX. */
    @FunctionalInterface
    public interface Scratch {
        /**
         * @param size bytes of the disk
         * @param content of its beginning
         * @return its virtual disk id
         * @throws IOException when it cannot be made, or there is a file of that name
         */
        UUID make(Path file, long size, byte[] content) throws IOException;
    }

    /**
     * One question.
     *
     * @param expected what Varve's documentation of Windows says; empty where it says nothing
     * @param found what Windows answered
     */
    public record Answer(String question, String expected, String found) {
        /** Whether the answer is the expected one, or any answer is. */
        public boolean isExpected() {
            return expected.isEmpty() || expected.equals(found);
        }
    }

    @FunctionalInterface
    private interface Asked {
        Object of(VirtualDisk disk) throws IOException;
    }

    /**
     * Asks everything, and deletes the scratch disk.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is a file of the scratch disk's name
     * @throws IOException when the scratch disk cannot be made or deleted
     */
    public List<Answer> run() throws IOException {
        byte[] content = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(content);
        UUID made = scratch.make(disk, SIZE, content); // refuses to replace a file; what it made is deleted below
        try {
            ask("size of the disk", "" + SIZE, VirtualDisk::size);
            ask("virtual disk id is the file's", "" + made, VirtualDisk::diskId);
            ask("kind of the disk", "vhdx, dynamic", VirtualDisk::kind);
            ask("identifier of the disk", "", opened -> identifier = opened.identifier());
            ask("parent of a disk that has none", "Windows error 0xC03A001B", VirtualDisk::parent);
            ask("attach without a disk on the host, and read", "the bytes written", opened -> read(opened, content));
            ask("change tracking of a new disk", "off", SelfTest::tracking);
            change("switch change tracking on", opened -> opened.setTracking(true));
            ask("change tracking then", "on", SelfTest::tracking);
            ask("identifier, after the disk was opened for writing", "", opened -> same(opened.identifier()));
            ask("form of a change id", "", opened -> id = opened.tracking().mostRecentId());
            answers.add(new Answer("files beside the disk", ".mrt, .rct", filesBeside()));
            ask(
                    "what changed since that id",
                    "0 bytes",
                    opened -> opened.changes(id, 0, SIZE, 16).ranges().stream()
                                    .mapToLong(ChangePage.Told::length)
                                    .sum()
                            + " bytes");
            ask(
                    "bytes that one answer is about",
                    "" + SIZE,
                    opened -> opened.changes(id, 0, SIZE, 16).processed());
            ask("an id that Windows never gave", "", opened -> opened.changes(NO_ID, 0, SIZE, 16));
            ask("a range behind the end of the disk", "", opened -> opened.changes(id, SIZE, SIZE, 16));
            UUID other = UUID.randomUUID();
            change("set the virtual disk id", opened -> opened.setDiskId(other));
            ask("virtual disk id then", "" + other, VirtualDisk::diskId);
            ask("change tracking, after another virtual disk id was set", "", SelfTest::tracking);
            ask("what changed, after another virtual disk id was set", "", opened -> opened.changes(id, 0, SIZE, 16));
            change("set the identifier", opened -> opened.setIdentifier(other));
            ask("identifier then", "" + other, VirtualDisk::identifier);
            overwrite();
            ask(
                    "what changed, after the file was changed without Windows",
                    "",
                    opened -> opened.changes(id, 0, SIZE, 16));
            change("switch change tracking off", opened -> opened.setTracking(false));
            ask("what changed, with tracking off", "", opened -> opened.changes(id, 0, SIZE, 16));
            return List.copyOf(answers);
        } finally {
            for (String ending : List.of("", ".rct", ".mrt")) {
                Files.deleteIfExists(disk.resolveSibling(SCRATCH + ending));
            }
        }
    }

    /** Another file under the same name and with the same id, as a restore over a disk that is off leaves it. */
    private void overwrite() throws IOException {
        byte[] file = Files.readAllBytes(disk);
        for (int i = file.length - 4096; i < file.length; i++) {
            file[i] ^= 1;
        }
        Files.write(disk, file);
    }

    private String filesBeside() {
        List<String> found = new ArrayList<>();
        for (String ending : List.of(".mrt", ".rct")) {
            if (Files.exists(disk.resolveSibling(SCRATCH + ending))) {
                found.add(ending);
            }
        }
        return found.isEmpty() ? "none" : String.join(", ", found);
    }

    private String same(UUID found) {
        return found.equals(identifier) ? "the same" : "another one";
    }

    private static String tracking(VirtualDisk opened) throws IOException {
        return opened.tracking().enabled() ? "on" : "off";
    }

    private static String read(VirtualDisk opened, byte[] content) throws IOException {
        List<String> notices = new ArrayList<>();
        AttachedDisk attached = opened.attach(notices::add);
        try (attached) {
            ByteBuffer found = ByteBuffer.allocate(content.length);
            attached.read(0, found);
            String bytes = found.flip().equals(ByteBuffer.wrap(content)) ? "the bytes written" : "other bytes";
            return notices.isEmpty() ? bytes : bytes + "; " + String.join("; ", notices);
        } finally {
            opened.detach();
        }
    }

    @FunctionalInterface
    private interface Change {
        void of(VirtualDisk disk) throws IOException;
    }

    private void change(String question, Change change) {
        try (VirtualDisk opened = virtdisk.openToChange(disk)) {
            change.of(opened);
            answers.add(new Answer(question, "done", "done"));
        } catch (IOException e) {
            answers.add(new Answer(question, "done", words(e)));
        }
    }

    private void ask(String question, String expected, Asked asked) {
        String found;
        try (VirtualDisk opened = virtdisk.openToAsk(disk)) {
            found = words(asked.of(opened));
        } catch (IOException e) {
            found = words(e);
        }
        answers.add(new Answer(question, expected, found));
    }

    private static String words(Object answer) {
        return answer instanceof ChangePage page
                ? Count.of(page.ranges().size(), "range") + ", covering " + Count.of(page.processed(), "byte")
                : String.valueOf(answer);
    }

    private static String words(IOException e) {
        return e instanceof Win32Exception failure
                ? "Windows error " + Win32Error.number(failure.code())
                : e.toString();
    }
}
