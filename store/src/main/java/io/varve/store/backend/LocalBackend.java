package io.varve.store.backend;

import io.varve.store.backend.FileOperations.WritableFile;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Objects as files below one directory.
 *
 * <p>A new object is written to a directory of this backend's own below {@code tmp/}, synced, given its name, and the
 * directory synced: a crash at any moment leaves either no object or the whole of it, and perhaps a file in
 * {@code tmp/}. A lock beside that directory tells others that its owner lives.
 */
public final class LocalBackend implements Backend {
    /** Name of the object that every repository has. */
    public static final String CONFIGURATION = "repository.json";

    private static final String UNPUBLISHED = "tmp";
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path root;
    private final FileOperations files;
    private final ObjectPlaces places;
    private final ObjectListing listing;
    private final PastPageCache pastPageCache = new PastPageCache();
    private final OpenFiles openFiles = new OpenFiles(48, file -> new StoredFile(file, pastPageCache));
    /** Directories whose names are known to be durable. */
    private final Set<Path> settled = ConcurrentHashMap.newKeySet();

    private Path staging; // null until something is created
    private ProcessLock stagingLock;

    public LocalBackend(Path root) {
        this(root, new HostFileOperations());
    }

    /** For crash tests, which record the operations. */
    public LocalBackend(Path root, FileOperations files) {
        this.root = root;
        this.places = new ObjectPlaces(root);
        this.listing = new ObjectListing(places);
        this.files = new LocatedFailures(files);
    }

    @Override
    public String location() {
        return root.toString();
    }

    /** The directory that holds the objects. */
    public Path root() {
        return root;
    }

    private Path path(String name) throws IOException {
        return places.of(name);
    }

    @Override
    public ObjectWriter create() throws IOException {
        Path staged = staging().resolve(UUID.randomUUID().toString());
        return new StagedFile(staged, files.create(staged));
    }

    @Override
    public void admitWriter() throws IOException {
        staging();
    }

    private synchronized Path staging() throws IOException {
        if (staging == null) {
            Path unpublished = path(UNPUBLISHED);
            if (PlainFile.whatHas(unpublished) != null) {
                places.directory(UNPUBLISHED); // a link would lead elsewhere
            }
            stagingLock = ProcessLock.onNewFile(unpublished);
            checkOwner(unpublished.resolve(stagingLock.id() + ProcessLock.SUFFIX));
            Path directory = unpublished.resolve(stagingLock.id());
            files.createDirectory(directory);
            staging = directory;
        }
        return staging;
    }

    @Override
    public boolean mayWrite() throws IOException {
        if (!Files.isWritable(root)) {
            return false;
        }
        try {
            admitWriter();
            return true;
        } catch (ForeignRepositoryException | FileSystemException e) {
            return false; // not allowed, or no room: who reads goes on without
        }
    }

    /**
     * Only root can read files that root creates: after one night with {@code sudo}, the owner of the repository could
     * neither restore nor back up. Checks the owner that root's files really get here, since a server may map root to
     * another user.
     */
    private void checkOwner(Path made) throws IOException {
        Path config = root.resolve(CONFIGURATION);
        if (Modes.isShared(root) || Files.notExists(config, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        UserPrincipal owner = owner(config);
        UserPrincipal writer = owner(made);
        boolean isRoot = Modes.of(root) != 0
                && LocatedFailures.look(
                        "cannot read its owner", made, () -> (Integer) Files.getAttribute(made, "unix:uid") == 0);
        if (isRoot && !owner.equals(writer)) {
            stagingLock.closeAndDelete();
            stagingLock = null;
            throw new ForeignRepositoryException(root + ": belongs to user " + owner.getName()
                    + ", who could not read what root writes there; nothing was changed. Run as that"
                    + " user (sudo -u " + owner.getName()
                    + " varve …), or share the repository with a group: chmod -R g+rwX,"
                    + " and chmod g+s for its directories");
        }
    }

    private static UserPrincipal owner(Path file) throws IOException {
        return LocatedFailures.look(
                "cannot read its owner", file, () -> Files.getOwner(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        Path file = path(name);
        int length = target.remaining();
        int position = target.position();
        try {
            openFiles.use(file, open -> open.read(offset, target));
        } catch (IOException first) {
            IOException meaning = FailedRead.of(file, name, offset, length, first, this::probe);
            if (!FailedRead.mayPass(meaning)) {
                throw meaning;
            }
            openFiles.forget(file); // of a server that came back, only a file that is opened again can be read
            try {
                openFiles.use(file, open -> open.read(offset, target.position(position)));
            } catch (IOException again) {
                throw FailedRead.of(file, name, offset, length, again, this::probe);
            }
        }
    }

    /** Reads past the page cache where that is possible: cached bytes prove nothing about the disk. */
    private void probe() throws IOException {
        Path config = root.resolve(CONFIGURATION);
        if (Files.exists(config)) {
            StoredFile.probe(config);
        } else {
            ObjectListing.entries(root);
        }
    }

    @Override
    public long size(String name) throws IOException {
        return PlainFile.attributes(path(name), name).size();
    }

    @Override
    public boolean exists(String name) throws IOException {
        return PlainFile.whatHas(path(name)) != null;
    }

    @Override
    public void listTop(NameVisitor visitor) throws IOException {
        for (String name : ObjectListing.entries(root)) {
            visitor.object(name);
        }
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        listing.list(directory, visitor);
    }

    @Override
    public void listNames(String directory, NameVisitor visitor) throws IOException {
        listing.names(directory, visitor);
    }

    @Override
    public void listLengths(String directory, ObjectVisitor visitor) throws IOException {
        listing.lengths(directory, visitor);
    }

    @Override
    public Optional<Exposure> exposure(Collection<String> names) throws IOException {
        return OpenToOthers.of(root, names);
    }

    @Override
    public void delete(String name) throws IOException {
        openFiles.forget(path(name));
        Path file = path(name);
        try {
            files.delete(file);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new InDoubtException(file + ": may have been deleted: " + Reason.of(e), e);
            }
            throw e;
        }
        try {
            files.syncDirectory(file.getParent());
        } catch (IOException e) {
            throw new InDoubtException(file + ": was deleted, but may reappear after a power cut: " + Reason.of(e), e);
        }
    }

    @Override
    public void settle(Collection<String> names) throws IOException {
        Set<Path> directories = new TreeSet<>();
        for (String name : names) {
            directories.add(path(name).getParent());
        }
        for (Path directory : directories) {
            try {
                settleDirectory(directory);
                files.syncDirectory(directory);
            } catch (NoSuchFileException e) {
                // Gone, with what was in it.
            }
        }
    }

    /**
     * Makes a directory's own name durable, since its creator may have crashed before. Once per directory is enough.
     */
    private void settleDirectory(Path directory) throws IOException {
        if (!directory.equals(root) && !settled.contains(directory)) {
            settleDirectory(directory.getParent());
            files.syncDirectory(directory.getParent());
            settled.add(directory);
        }
    }

    @Override
    public void deleteUnpublished() throws IOException {
        Path unpublished = places.directory(UNPUBLISHED);
        for (String name : unpublished == null ? List.<String>of() : ObjectListing.entries(unpublished)) {
            String owner = name.endsWith(ProcessLock.SUFFIX)
                    ? name.substring(0, name.length() - ProcessLock.SUFFIX.length())
                    : name;
            Path lockFile = unpublished.resolve(owner + ProcessLock.SUFFIX);
            if (!isOurs(owner) || isSomethingElse(lockFile)) {
                continue;
            }
            ProcessLock lock = ProcessLock.tryExclusiveIfThere(lockFile);
            if (lock != null || Files.notExists(lockFile)) { // who lives made the lock before anything else
                discard(unpublished.resolve(owner));
            }
            if (lock != null) {
                lock.closeAndDelete();
            }
        }
    }

    /** Whether the name has the form of a writer's entry in {@code tmp/}: a random id. */
    private static boolean isOurs(String name) {
        return OURS.matcher(name).matches();
    }

    private static boolean isSomethingElse(Path lockFile) throws IOException {
        return Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS) && !PlainFile.is(lockFile);
    }

    /**
     * Removes a writer's staged files: a directory of files, or one file. It touches nothing else and follows no link:
     * anyone with write access could place a link here that leads to other data. Two processes may clean up at the same
     * time.
     */
    private void discard(Path leftover) throws IOException {
        try {
            if (Files.isDirectory(leftover, LinkOption.NOFOLLOW_LINKS)) {
                for (String staged : ObjectListing.entries(leftover)) {
                    Path file = leftover.resolve(staged);
                    if (isOurs(staged) && PlainFile.is(file)) {
                        delete(file);
                    }
                }
                files.delete(leftover);
            } else if (PlainFile.is(leftover)) {
                files.delete(leftover);
            }
        } catch (NoSuchFileException e) {
            // Done by the other one.
        } catch (DirectoryNotEmptyException e) {
            // It holds something that no writer put there: it stays, and fsck reports it.
        }
    }

    private void delete(Path file) throws IOException {
        try {
            files.delete(file);
        } catch (NoSuchFileException e) {
            // Done by the other one.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        openFiles.close();
        if (staging != null) {
            discard(staging);
            stagingLock.closeAndDelete();
            staging = null;
        }
    }

    @Override
    public void move(String name, String target) throws IOException {
        Path from = path(name);
        Path to = path(target);
        makeDirectory(to.getParent());
        openFiles.forget(from);
        PlainFile.attributes(from, name);
        if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS) || !Files.isSameFile(from, to)) {
            files.link(from, to); // the same: a move that was cut off
        }
        files.syncDirectory(to.getParent());
        if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) { // it is not where there are no links
            files.delete(from);
        }
        files.syncDirectory(from.getParent());
    }

    private void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            files.createDirectory(directory);
        }
        settleDirectory(directory);
    }

    /** A file in {@code tmp/} on its way to a name. */
    private final class StagedFile implements ObjectWriter {
        private final Path staged;
        private final WritableFile file;
        private long length;
        private boolean published;

        StagedFile(Path staged, WritableFile file) {
            this.staged = staged;
            this.file = file;
        }

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            int appended = bytes.remaining();
            file.append(bytes);
            length += appended;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void publish(String name) throws IOException {
            file.sync();
            file.close();
            Path target = path(name);
            Path directory = target.getParent();
            makeDirectory(directory);
            try {
                files.publish(staged, target);
            } catch (FileAlreadyExistsException e) {
                files.syncDirectory(directory); // whoever is content with that object has to find it again
                throw e;
            } catch (IOException e) {
                checkNotNamed(target, e);
                throw e;
            }
            published = true;
            try {
                files.syncDirectory(directory);
            } catch (IOException e) {
                throw new InDoubtException(
                        target + ": was created, but may not survive a" + " power cut: " + Reason.of(e), e);
            }
        }

        /** A server may have carried out an operation that it reports as failed. */
        private void checkNotNamed(Path target, IOException failure) throws InDoubtException {
            boolean isAbsent = Files.notExists(target, LinkOption.NOFOLLOW_LINKS);
            if (!isAbsent) {
                published = true;
                throw new InDoubtException(
                        target + ": may exist although creating it failed: " + Reason.of(failure), failure);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
            if (!published) {
                files.delete(staged);
            }
        }
    }
}
