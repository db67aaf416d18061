package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.WrappedKey;
import io.varve.tools.document.KeyEntry;
import io.varve.tools.document.KeysDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys. Needs no key.")
@Prints(KeysDocument.class)
final class KeyListCommand extends RepositoryOptions {
    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        requireEncrypted(repository);
        KeyRing.Listing listing = repository.keyRing().list();
        listing.damaged().forEach(e -> output.warning(WarningCode.KEY_DAMAGED, "damaged key: " + e.getMessage()));
        List<KeyEntry> entries = new ArrayList<>();
        output.document(() -> new KeysDocument(entries));
        for (WrappedKey key : listing.keys()) {
            output.line("%s  %s  %-10s  %s", key.id(), key.createdAt(), key.kind(), key.label());
            entries.add(new KeyEntry(key.id(), key.kind(), key.label(), key.createdAt()));
        }
    }
}
