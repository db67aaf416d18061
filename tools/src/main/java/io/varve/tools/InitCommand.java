package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.store.NotARepositoryException;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
final class InitCommand extends CommonOptions {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "DIR",
            defaultValue = "${env:VARVE_REPO}",
            description = "Where to make it; VARVE_REPO if not given.")
    private Path repository;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            description = "4KiB to 4MiB, a power of two. Default: ${DEFAULT-VALUE}.")
    private Long blockSize;

    @Option(
            names = "--pack-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "Size at which a pack file is closed. Default: ${DEFAULT-VALUE}.")
    private Long packSize;

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
            names = "--label",
            paramLabel = "TEXT",
            defaultValue = "first",
            description = "With --encrypt: what 'varve key list' shows of the first key.")
    private String label;

    @Mixin
    private KeyOptions keys;

    @Override
    void run(Output output, Cancellation cancellation) throws IOException {
        if (repository == null || repository.toString().isEmpty()) {
            throw new UsageException("no repository given: use -r DIR, or set VARVE_REPO");
        }
        RepositoryConfig config;
        try {
            config = new RepositoryConfig(
                    UUID.randomUUID(),
                    Math.toIntExact(blockSize),
                    packSize,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                    encrypt);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(e.getMessage());
        }
        Path root = repository.toAbsolutePath().normalize();
        make(root, config);
        output.line(
                "repository %s in %s, blocks of %s%s",
                config.repositoryId(),
                root,
                ByteSize.text(config.blockSize()),
                encrypt ? ", encrypted: without a key nobody can read it; 'varve key add' adds another" : "");
        if (output.isJson()) {
            output.document()
                    .put("repository", root.toString())
                    .put("repositoryId", config.repositoryId().toString())
                    .put("blockSize", config.blockSize())
                    .put("encrypted", encrypt);
        }
    }

    private void make(Path root, RepositoryConfig config) throws IOException {
        if (!encrypt) {
            if (newKeyFile != null) {
                throw new UsageException("--new-key-file goes with --encrypt");
            }
            Repository.init(root, config).close();
            return;
        }
        try (Credential first = newKeyFile == null ? keys.requireNew() : Credential.newKeyFile(newKeyFile)) {
            Repository.initEncrypted(root, config, first, label, Argon2.DEFAULT).close();
        } catch (NotARepositoryException e) {
            if (newKeyFile != null) {
                Files.delete(newKeyFile); // it opens nothing
            }
            throw e;
        }
    }
}
