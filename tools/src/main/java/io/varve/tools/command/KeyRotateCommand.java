package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.crypt.WrappedKey;
import io.varve.tools.document.KeyDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.NewKeyOptions;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rotate-passphrase",
        mixinStandardHelpOptions = true,
        description = {
            "Replace the passphrase in use with a new one.",
            "",
            "The new one is added before the old one is removed: after an interruption, both" + " work."
        })
@Prints(KeyDocument.class)
final class KeyRotateCommand extends RepositoryOptions {
    @Mixin
    private NewKeyOptions newKey;

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    private WrappedKey old(KeyRing ring) throws IOException {
        try {
            return ring.find(openedWith());
        } catch (NoSuchFileException e) {
            throw new IOException("key " + openedWith() + " has been removed by someone else", e);
        }
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        RepositoryKeys keys = requireEncrypted(repository).keys().orElseThrow();
        KeyRing ring = repository.keyRing(output::notice);
        WrappedKey old = old(ring);
        if (!old.kind().equals("passphrase")) {
            throw new UsageException("the repository was opened with a key file: give the passphrase to replace");
        }
        String label = newKey.label().isEmpty() ? old.label() : newKey.label();
        try (Credential credential = newKey.passphrase()) {
            String id = ring.add(keys, credential, label, Argon2.DEFAULT);
            try {
                ring.open(credential).keys().close(); // checks the new key before the old one is removed
                ring.remove(old.id());
            } catch (IOException e) {
                output.notice("added key " + id + ", but key " + old.id() + " may still open the repository: check with"
                        + " 'varve key list', and remove it with 'varve key remove " + old.id() + "'");
                throw e;
            }
            output.line("added key %s, removed key %s", id, old.id());
            output.document(() -> new KeyDocument(id, Optional.of(old.id())));
        }
    }
}
