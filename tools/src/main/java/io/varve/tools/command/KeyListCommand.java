package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.WrappedKey;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys. Needs no key.")
final class KeyListCommand extends RepositoryOptions {
    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        requireEncrypted(repository);
        KeyRing.Listing listing = repository.keyRing().list();
        listing.damaged().forEach(e -> output.warning("damaged key: " + e.getMessage()));
        var array = output.isJson() ? output.document().putArray("keys") : null;
        for (WrappedKey key : listing.keys()) {
            output.line("%s  %s  %-10s  %s", key.id(), key.createdAt(), key.kind(), key.label());
            if (array != null) {
                array.addObject()
                        .put("id", key.id())
                        .put("kind", key.kind())
                        .put("label", key.label())
                        .put("createdAt", key.createdAt().toString());
            }
        }
    }
}
