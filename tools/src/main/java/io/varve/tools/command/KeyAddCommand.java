package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.tools.document.KeyDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.NewKeyOptions;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = "Add a passphrase or a key file. Needs an existing key.")
@Prints(KeyDocument.class)
final class KeyAddCommand extends RepositoryOptions {
    @Mixin
    private NewKeyOptions newKey;

    @Option(names = "--new-key-file", paramLabel = "FILE", description = "Create this key file and add it.")
    private Path newKeyFile;

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        if (newKeyFile != null && newKey.arePassphrase()) {
            throw new UsageException("--new-key-file and --new-password-file are two keys: add them one at a time");
        }
        if (newKeyFile != null) {
            OutputPath.checkOutside(newKeyFile, "the key file", repository);
        }
        String label = newKey.label();
        RepositoryKeys keys = requireEncrypted(repository).keys().orElseThrow();
        try (Credential credential = newKeyFile == null ? newKey.passphrase() : Credential.newKeyFile(newKeyFile)) {
            String id = add(repository, keys, credential, label, output);
            output.line("added key %s", id);
            output.document(() -> new KeyDocument(id, Optional.empty()));
        }
    }

    private String add(Repository repository, RepositoryKeys keys, Credential credential, String label, Output output)
            throws IOException {
        try {
            return repository.keyRing().add(keys, credential, label, Argon2.DEFAULT);
        } catch (UnknownOutcomeException e) {
            if (newKeyFile != null) {
                output.notice("kept " + newKeyFile + ", which may open the repository");
            }
            throw e;
        } catch (IOException e) {
            if (newKeyFile != null) {
                deleteKeyFile(output);
            }
            throw e;
        }
    }

    private void deleteKeyFile(Output output) {
        try {
            Files.deleteIfExists(newKeyFile);
        } catch (IOException e) {
            output.notice("cannot delete " + newKeyFile + ", which does not open the repository: " + Reason.bare(e)
                    + "; remove it before repeating the command");
        }
    }
}
