package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.Folder;
import io.varve.store.Location;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.Backend;
import io.varve.store.backend.InDoubtException;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.document.InitDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.KeyOptions;
import io.varve.tools.option.NewKeyOptions;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Create a repository in a new or empty directory, or in a bucket.",
        footer = {
            "",
            "The block size cannot be changed later. 64KiB suits most disks. Smaller blocks find"
                    + " more duplicates but need a larger index; larger blocks do the opposite."
        })
@Prints(InitDocument.class)
public final class InitCommand extends CommonOptions {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "REPO",
            description = "Where to create it: a directory, s3://BUCKET/PREFIX, or @NAME from a configuration"
                    + " file. Default: VARVE_REPO.")
    private String repository;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            description = "A power of two from 4KiB to 4MiB. Default: 64KiB, or the block size of the"
                    + " --copy-keys-from repository.")
    private Long blockSize;

    @Option(
            names = "--pack-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "Size at which a pack file is closed. Default: ${DEFAULT-VALUE}.")
    private Long packSize;

    @Option(
            names = "--parity",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Write parity beside each pack, PERCENT of its size (2 to 50), from which 'varve"
                    + " repair' can rebuild damaged sectors. Default: none.")
    private int parity;

    @Option(
            names = "--shared-group",
            description = "Let the group of DIR read and write the whole repository, so that several users can"
                    + " back up to it. Otherwise only its creator can.")
    private boolean sharedGroup;

    @Option(
            names = "--encrypt",
            description =
                    "Encrypt the repository. Its first key is a new key file (--new-key-file) or a" + " passphrase.")
    private boolean encrypt;

    @Option(
            names = "--new-key-file",
            paramLabel = "FILE",
            description = "With --encrypt: create this key file and use it. Keep a copy away from the" + " repository.")
    private Path newKeyFile;

    @Option(
            names = "--copy-keys-from",
            paramLabel = "REPO",
            description = "Share the keys of this encrypted repository, so that copies and repairs can"
                    + " transfer chunks unchanged. The key that opens it becomes the first key of the new"
                    + " one.")
    private String copyKeysFrom;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            defaultValue = "first",
            description = "Label of the first key, shown by 'varve key list'.")
    private String label;

    @Mixin
    private KeyOptions keys;

    private boolean keyFileIsLeft;

    @Override
    public boolean usesRepository() {
        return true;
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        RepositoryChoice choice = RepositoryChoice.require(repository, spec());
        keys.of(choice);
        RepositoryPlace place = choice.place();
        NewKeyOptions.checkedLabel(label);
        if (place.folder().isPresent()) {
            check(place.folder().get());
        } else if (sharedGroup) {
            throw new UsageException(
                    "--shared-group is for a directory: who may use a bucket is decided by its policy");
        } else if (newKeyFile != null) {
            OutputPath.checkOutside(newKeyFile, "the key file");
        }
        Location location = place.location();
        for (Backend.Observation seen : location.backend().examine()) {
            if (seen.isBroken()) {
                throw new RefusedException(place + ": " + seen.message() + "; nothing was created");
            }
            output.notice(seen.message());
        }
        RepositoryConfig config = made(place, location);
        output.line(
                "repository %s in %s, blocks of %s%s",
                config.repositoryId(),
                place,
                ByteSize.text(config.blockSize()),
                config.encrypted()
                        ? ", encrypted: nobody can read it without a key; 'varve key add' adds another"
                        : "");
        output.document(() ->
                new InitDocument(place.toString(), config.repositoryId(), config.blockSize(), config.encrypted()));
    }

    private void check(Path root) throws IOException {
        Optional<Path> around = OutputPath.repositoryAbove(root);
        if (around.isPresent() && !Files.exists(root.resolve(RepositoryConfig.OBJECT))) {
            throw new UsageException(root + ": lies in the repository " + around.get() + "; give a place outside it");
        }
        if (newKeyFile != null) {
            checkKeyFile(root);
        }
        if (sharedGroup) {
            new Folder(root).share();
        }
    }

    /** Refuses a key file inside the repository: a key stored with what it opens protects nothing. */
    private void checkKeyFile(Path root) throws IOException {
        OutputPath.checkOutside(newKeyFile, "the key file");
        if (newKeyFile.toAbsolutePath().normalize().startsWith(root)) {
            throw new UsageException(newKeyFile + ": would lie in the repository; give a place outside it");
        }
    }

    private RepositoryConfig made(RepositoryPlace place, Location location) throws IOException {
        try {
            return copyKeysFrom == null ? make(place, location) : makeSharing(location);
        } catch (InDoubtException e) {
            throw new UnknownOutcomeException(
                    (place.folder().isPresent()
                                    ? "the repository was created, but may not survive a power cut: "
                                    : "the repository may have been created: ")
                            + e.getMessage() + "; check with 'varve fsck', or"
                            + " remove " + place + " and repeat the command",
                    e);
        } catch (UsageException | NotARepositoryException | LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetException(
                    Reason.of(e) + "; what was created so far is not a repository: remove " + place
                            + (keyFileIsLeft ? " and " + newKeyFile : "") + " before repeating the command",
                    e);
        }
    }

    private RepositoryConfig config(long defaultBlockSize, boolean encrypted, Optional<UUID> keysOf)
            throws UsageException {
        UUID id = UUID.randomUUID();
        try {
            return new RepositoryConfig(
                    id,
                    Math.toIntExact(blockSize == null ? defaultBlockSize : blockSize),
                    packSize,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                    encrypted,
                    keysOf.orElse(id),
                    parity);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private RepositoryConfig make(RepositoryPlace place, Location location) throws IOException {
        RepositoryConfig config = config(RepositoryConfig.DEFAULT_BLOCK_SIZE, encrypt, Optional.empty());
        if (!encrypt) {
            if (newKeyFile != null) {
                throw new UsageException("--new-key-file needs --encrypt");
            }
            Repository.init(location, config).close();
            return config;
        }
        boolean existed = newKeyFile != null && Files.exists(newKeyFile, LinkOption.NOFOLLOW_LINKS);
        boolean made = false;
        try (Credential first = newKeyFile == null ? keys.requireNew() : Credential.newKeyFile(newKeyFile)) {
            Repository.initEncrypted(location, config, first, label, Argon2.DEFAULT)
                    .close();
            made = true;
        } finally {
            if (!made && newKeyFile != null && !existed && !mayBeRepository(place, location)) {
                deleteKeyFile();
            }
        }
        return config;
    }

    /** Deletes a key file that opens nothing. */
    private void deleteKeyFile() {
        try {
            Files.deleteIfExists(newKeyFile);
        } catch (IOException e) {
            keyFileIsLeft = true; // told with the failure that comes from before
        }
    }

    private static boolean mayBeRepository(RepositoryPlace place, Location location) {
        if (place.folder().isPresent()) {
            return Files.exists(place.folder().get().resolve(RepositoryConfig.OBJECT));
        }
        try {
            return location.backend().exists(RepositoryConfig.OBJECT);
        } catch (IOException e) {
            return true; // nobody can tell
        }
    }

    private RepositoryConfig makeSharing(Location location) throws IOException {
        if (newKeyFile != null) {
            throw new UsageException("with --copy-keys-from, the first key is the one that opens the"
                    + " other repository; 'varve key add --new-key-file' adds another");
        }
        RepositoryChoice sharing = RepositoryChoice.of(copyKeysFrom);
        keys.of(sharing); // the key that opens the other repository becomes the first key of the new one
        try (Repository other = Repository.open(sharing.place().location())) {
            if (!other.config().encrypted()) {
                throw new UsageException(copyKeysFrom + " is not encrypted: it has no keys to share");
            }
            try (Credential first = keys.require(copyKeysFrom)) {
                other.unlock(first);
                RepositoryKeys shared = other.keys().orElseThrow();
                RepositoryConfig config = config(other.config().blockSize(), true, Optional.of(shared.keysOf()));
                Repository.initSharing(location, config, shared, first, label, Argon2.DEFAULT)
                        .close();
                return config;
            }
        }
    }
}
