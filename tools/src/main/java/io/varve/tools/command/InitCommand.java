package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.InDoubtException;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.Environment;
import io.varve.tools.option.KeyOptions;
import io.varve.tools.option.NewKeyOptions;
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
        description = "Make a repository in an empty or new directory.",
        footer = {
            "",
            "The block size is fixed for the repository's life. 64KiB suits most disks; smaller blocks find more",
            "duplicates and cost more index, larger ones the other way round."
        })
public final class InitCommand extends CommonOptions {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "DIR",
            description = "Where to make it; VARVE_REPO if not given.")
    private Path repository;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            description = "4KiB to 4MiB, a power of two. Default: 64KiB, or that of the other repository.")
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
            description = "Write parity beside each pack, of so many per cent of its size (2 to 50), from which 'varve"
                    + " repair' computes damaged sectors. Default: none.")
    private int parity;

    @Option(
            names = "--shared-group",
            description = "Let the group of DIR read and write all of it, now and later: several users back up into it."
                    + " Otherwise only who makes it can.")
    private boolean sharedGroup;

    @Option(
            names = "--encrypt",
            description = "Encrypt it. The first key is a new key file, or else a passphrase (see below).")
    private boolean encrypt;

    @Option(
            names = "--new-key-file",
            paramLabel = "FILE",
            description = "With --encrypt: make this key file and use it. Keep a copy away from the repository.")
    private Path newKeyFile;

    @Option(
            names = "--copy-keys-from",
            paramLabel = "DIR",
            description = {
                "Share the keys of this encrypted repository, for a second copy of it: chunks go from one to the",
                "other as they are, for copies and repairs. The key that opens it is the new one's first key."
            })
    private Path copyKeysFrom;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            defaultValue = "first",
            description = "What 'varve key list' shows of the first key of an encrypted one.")
    private String label;

    @Mixin
    private KeyOptions keys;

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        Path given = Environment.path(repository, "VARVE_REPO");
        if (given == null || given.toString().isEmpty()) {
            throw new UsageException("no repository given: use -r DIR, or set VARVE_REPO");
        }
        Path root = given.toAbsolutePath().normalize();
        NewKeyOptions.checkedLabel(label);
        if (sharedGroup) {
            new Folder(root).share();
        }
        RepositoryConfig config = made(root);
        output.line(
                "repository %s in %s, blocks of %s%s",
                config.repositoryId(),
                root,
                ByteSize.text(config.blockSize()),
                config.encrypted()
                        ? ", encrypted: without a key nobody can read it; 'varve key add' adds another"
                        : "");
        if (output.isJson()) {
            output.document()
                    .put("repository", root.toString())
                    .put("repositoryId", config.repositoryId().toString())
                    .put("blockSize", config.blockSize())
                    .put("encrypted", config.encrypted());
        }
    }

    private RepositoryConfig made(Path root) throws IOException {
        try {
            return copyKeysFrom == null ? make(root) : makeSharing(root);
        } catch (InDoubtException e) {
            throw new UnknownOutcomeException(
                    "the repository is made, but may not outlast a power cut: " + e.getMessage() + "; look with 'varve"
                            + " fsck', or remove " + root + " and repeat the command",
                    e);
        } catch (UsageException | NotARepositoryException | LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetException(
                    Reason.of(e) + "; what was made so far is no repository: remove " + root
                            + " before you repeat the command",
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

    private RepositoryConfig make(Path root) throws IOException {
        RepositoryConfig config = config(RepositoryConfig.DEFAULT_BLOCK_SIZE, encrypt, Optional.empty());
        if (!encrypt) {
            if (newKeyFile != null) {
                throw new UsageException("--new-key-file goes with --encrypt");
            }
            Repository.init(root, config).close();
            return config;
        }
        boolean existed = newKeyFile != null && Files.exists(newKeyFile, LinkOption.NOFOLLOW_LINKS);
        boolean made = false;
        try (Credential first = newKeyFile == null ? keys.requireNew() : Credential.newKeyFile(newKeyFile)) {
            Repository.initEncrypted(new Folder(root), config, first, label, Argon2.DEFAULT)
                    .close();
            made = true;
        } finally {
            if (!made && newKeyFile != null && !existed && !Files.exists(root.resolve(RepositoryConfig.OBJECT))) {
                Files.deleteIfExists(newKeyFile); // it opens nothing
            }
        }
        return config;
    }

    private RepositoryConfig makeSharing(Path root) throws IOException {
        if (newKeyFile != null) {
            throw new UsageException("--copy-keys-from takes the key that opens the other repository as the first"
                    + " one; 'varve key add --new-key-file' adds another");
        }
        try (Repository other = Repository.open(copyKeysFrom.toAbsolutePath().normalize())) {
            if (!other.config().encrypted()) {
                throw new UsageException(copyKeysFrom + " is not encrypted: it has no keys to share");
            }
            try (Credential first = keys.require(copyKeysFrom.toString())) {
                other.unlock(first);
                RepositoryKeys shared = other.keys().orElseThrow();
                RepositoryConfig config = config(other.config().blockSize(), true, Optional.of(shared.keysOf()));
                Repository.initSharing(new Folder(root), config, shared, first, label, Argon2.DEFAULT)
                        .close();
                return config;
            }
        }
    }
}
