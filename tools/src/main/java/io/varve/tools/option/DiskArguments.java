package io.varve.tools.option;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.ChangeListTracker;
import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.file.FileIdentity;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.RealPath;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.virtdisk.RctDisk;
import io.varve.adapters.virtdisk.RctLosses;
import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.adapters.windows.VolumePaths;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Previous;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The disks of a {@code backup} command, {@code [NAME=]FILE}, with their change lists and tokens.
 *
 * @param formats of the files: one for all disks, or one per disk; empty to detect them
 * @param changes change lists, one per disk in the same order, {@code -} for none; or empty
 * @param since tokens that the change lists start from, likewise
 * @param tokens tokens to store, likewise
 * @param full whether to read everything; tokens are stored in any case
 * @param asked Windows, to be asked what has changed; empty to use what the images themselves know
 * @param servers of disks on shares; not closed here
 */
public record DiskArguments(
        List<String> disks,
        List<SourceFormat> formats,
        List<String> changes,
        List<String> since,
        List<String> tokens,
        boolean full,
        Optional<Virtdisk> asked,
        ShareServers servers) {
    private static final String NONE = "-";
    private static final int TYPE = 0xF000;
    private static final int PIPE = 0x1000;
    private static final int SOCKET = 0xC000;

    private record Disk(String name, boolean named, DiskPlace place) {}

    /** Checks the arguments, before any disk is opened. */
    public void check() throws IOException {
        if (asked.isPresent() && !(changes.isEmpty() && since.isEmpty() && tokens.isEmpty())) {
            throw new UsageException("--via rct asks Windows what changed: omit --changes, --since and --token");
        }
        checkCount("--changes", changes);
        checkCount("--since", since);
        checkCount("--token", tokens);
        if (formats.size() > 1) {
            checkCount("--format", formats);
        }
        if (full && !changes.isEmpty()) {
            throw new UsageException("--full reads everything: omit --changes and --since");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < disks.size(); i++) {
            Disk disk = parse(disks.get(i));
            Optional<String> fault = NameRule.fault(disk.name);
            if (fault.isPresent()) {
                throw new UsageException("the name of a disk, '" + Printable.name(disk.name) + "', " + fault.get()
                        + (disk.named ? "" : ": give another, as in system=FILE"));
            }
            if (disk.place instanceof DiskPlace.Here here) {
                checkFile(here.file());
            } else if (asked.isPresent()) {
                throw new UsageException(disk.place + ": --via rct asks Windows on the host of the disk; leave it out");
            }
            if (!names.add(disk.name)) {
                throw new UsageException(
                        "two disks are called '" + disk.name + "': give them names, as in system=" + disk.place);
            }
            if (given(changes, i).isPresent() != given(since, i).isPresent()) {
                throw new UsageException(
                        "--changes and --since go together: a change list starts at the token of the previous backup");
            }
            Optional<String> list = given(changes, i);
            if (list.isPresent() && !NamedFile.isFile(Path.of(list.get()))) {
                throw new UsageException(list.get() + ": no such change list");
            }
        }
        checkDistinct();
    }

    private static void checkFile(Path file) throws IOException {
        try {
            if (!NamedFile.exists(file)) {
                throw new UsageException(file + ": no such file");
            }
            if (NamedFile.isDirectory(file)) {
                throw new UsageException(file + ": expected a disk image, found a directory");
            }
        } catch (FileSystemException e) {
            throw new SourceException(Reason.of(e), e);
        }
        Optional<Path> repository = OutputPath.repositoryAbove(file);
        if (repository.isPresent()) {
            throw new UsageException(file + ": lies in the repository " + repository.get()
                    + ", which would be backed up into a repository; give the disk itself");
        }
        if (isStream(file)) {
            throw new UsageException(file + ": expected a regular file or a block device, found something else");
        }
    }

    /** Opening a pipe would wait for a writer, perhaps for ever. */
    private static boolean isStream(Path file) {
        try {
            int type = Files.getAttribute(file, "unix:mode") instanceof Integer mode ? mode & TYPE : 0;
            return type == PIPE || type == SOCKET;
        } catch (IOException | RuntimeException e) {
            return false; // the system has no such attribute, or opening the file will fail with the reason
        }
    }

    private void checkCount(String option, List<?> values) throws UsageException {
        if (!values.isEmpty() && values.size() != disks.size()) {
            throw new UsageException(Count.of(disks.size(), "disk") + ", but " + Count.of(values.size(), "time") + " "
                    + option + ": give it once per disk, in the same order, - for none");
        }
    }

    private static Optional<String> given(List<String> values, int i) {
        return values.isEmpty() || values.get(i).equals(NONE) ? Optional.empty() : Optional.of(values.get(i));
    }

    private static Disk parse(String text) throws UsageException {
        try {
            int equals = text.indexOf('=');
            boolean isWhole = SmbPath.isOne(text) || equals > 0 && isFile(text);
            if (equals > 0 && !isWhole) {
                return new Disk(text.substring(0, equals), true, DiskPlace.parse(text.substring(equals + 1)));
            }
            DiskPlace place = DiskPlace.parse(text);
            String fileName = place.fileName();
            int dot = fileName.lastIndexOf('.');
            return new Disk(dot > 0 ? fileName.substring(0, dot) : fileName, false, place);
        } catch (InvalidPathException e) {
            throw new UsageException("'" + text + "' is not a path: " + e.getReason());
        }
    }

    private static boolean isFile(String text) {
        try {
            return Files.exists(VolumePaths.of(text));
        } catch (InvalidPathException e) {
            return false; // NAME=C:\FILE, on Windows
        }
    }

    /**
     * Returns where the disk {@code [NAME=]FILE} is, which need not exist.
     *
     * @throws InvalidPathException when it is no path
     */
    public static DiskPlace place(String argument) {
        try {
            return parse(argument).place();
        } catch (UsageException e) {
            throw new InvalidPathException(argument, e.getMessage());
        }
    }

    /**
     * Opens all disks. If one cannot be opened, those that were opened are closed.
     *
     * @param output receives warnings and notices about single disks
     */
    public List<CheckpointDisk> open(Reader reader, ParentSearch parents, Output output) throws IOException {
        return open(reader, parents, Optional.empty(), output);
    }

    /**
     * Opens all disks for a backup. If Windows is asked for changes, its event log is read first.
     *
     * @param files configuration files of the machine
     * @param previous what the machine's earlier snapshots recorded
     */
    public FileCheckpoint checkpoint(
            Reader reader, ParentSearch parents, List<CheckpointFile> files, Previous previous, Output output)
            throws IOException {
        if (asked.isPresent()) {
            asked.get().freeLeft(output::notice);
        }
        Optional<RctLosses> losses = asked.isPresent()
                ? Optional.of(RctLosses.read(previous.newest().flatMap(Previous.Night::sourceState), output::notice))
                : Optional.empty();
        return new FileCheckpoint(open(reader, parents, losses, output), files, losses.flatMap(RctLosses::state));
    }

    private List<CheckpointDisk> open(Reader reader, ParentSearch parents, Optional<RctLosses> losses, Output output)
            throws IOException {
        List<CheckpointDisk> opened = new ArrayList<>();
        try {
            for (int i = 0; i < disks.size(); i++) {
                Disk disk = parse(disks.get(i));
                DiskImage image = DiskImages.open(disk.place.file(reader, servers), format(i), parents);
                opened.add(
                        asked.isPresent()
                                ? askingWindows(disk, image, losses, output)
                                : new CheckpointDisk(disk.name, disk.named, image, tracker(i, image)));
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            try {
                new FileCheckpoint(opened).close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /**
     * Refuses two paths to one file or device. One of the paths is wrong, so its disk would not be backed up: the
     * snapshot would have the content of one disk under two names, and retention would forget earlier snapshots for it.
     */
    private void checkDistinct() throws IOException {
        Map<Object, Disk> seen = new HashMap<>();
        for (String text : disks) {
            Disk disk = parse(text);
            Disk other = seen.putIfAbsent(identity(disk.place), disk);
            if (other != null) {
                throw new UsageException("disks '" + Printable.name(other.name) + "' (" + other.place + ") and '"
                        + Printable.name(disk.name) + "' (" + disk.place
                        + ") are the same file or device: correct one of the two paths, or give the disk once");
            }
        }
    }

    private static Object identity(DiskPlace place) throws SourceException {
        try {
            // A share is not asked before its turn comes; its names ignore case.
            return place instanceof DiskPlace.Here here
                    ? FileIdentity.of(here.file())
                    : place.toString().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new SourceException(place + ": cannot read its attributes: " + Reason.bare(e), e);
        }
    }

    private CheckpointDisk askingWindows(Disk disk, DiskImage image, Optional<RctLosses> losses, Output output)
            throws IOException {
        try {
            Path file = ((DiskPlace.Here) disk.place).file(); // others were refused
            RctDisk opened = RctDisk.over(
                    image,
                    file,
                    asked.orElseThrow(),
                    text -> output.warning(WarningCode.RCT_READS_DIFFER, text),
                    output::notice);
            opened.untracked()
                    .ifPresent(why -> output.notice(
                            "disk '" + Printable.name(disk.name) + "' will be read whole next time, too: " + why));
            ChangeTracker own =
                    losses.isPresent() ? losses.get().guard(opened.tracker(), names(image)) : opened.tracker();
            ChangeTracker tracker = full ? new StoredToken(opened.tracker().token()) : own;
            return new CheckpointDisk(disk.name, disk.named, opened, tracker);
        } catch (IOException | RuntimeException e) {
            try {
                image.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /**
     * Of each file of its chain, parents included: as it was given or found, and as it is called without the links and
     * junctions in between.
     */
    private static List<String> names(DiskImage image) throws IOException {
        List<String> names = new ArrayList<>();
        for (String location : DiskImages.files(image)) {
            Path file = Path.of(location);
            names.add(file.toAbsolutePath().normalize().toString());
            names.add(RealPath.of(file).toString());
        }
        return names;
    }

    private SourceFormat format(int i) {
        return formats.isEmpty() ? SourceFormat.AUTO : formats.get(formats.size() == 1 ? 0 : i);
    }

    /**
     * Returns the tracker for a disk: the change list or token that was given, otherwise what the image itself knows.
     */
    private ChangeTracker tracker(int i, DiskImage image) {
        Optional<String> token = given(tokens, i);
        Optional<String> list = given(changes, i);
        if (list.isPresent()) {
            return new ChangeListTracker(
                    Path.of(list.get()), image.size(), given(since, i).get(), token);
        }
        ChangeTracker own = DiskImages.tracker(image);
        return full ? new StoredToken(token.or(own::token)) : token.isPresent() ? new StoredToken(token) : own;
    }

    /**
     * There is no change list for this backup, but a token to store, so that the next change list can start from it.
     */
    private record StoredToken(Optional<String> token) implements ChangeTracker {
        @Override
        public io.varve.engine.port.Changes changesSince(String base) throws IOException {
            return ChangeTracker.none().changesSince(base);
        }
    }
}
