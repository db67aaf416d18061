package io.varve.tools.command;

import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxDescription;
import io.varve.engine.Cancellation;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import io.varve.tools.document.FactEntry;
import io.varve.tools.document.FactsDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Describe every structure of a VHDX, including damaged ones.")
@Prints(FactsDocument.class)
final class VhdxInfoCommand extends CommonOptions {
    @Parameters(paramLabel = "FILE", description = "The VHDX; also smb://HOST/SHARE/PATH.")
    private String file;

    @Mixin
    private ShareOptions shares;

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        try (ShareServers servers = shares.servers();
                ByteSource source =
                        DiskPlace.parse(file).file(Reader.AUTO, servers).open()) {
            describe(source, output);
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
    }

    private static FactEntry entry(VhdxDescription.Row fact) {
        return new FactEntry(
                fact.section(),
                fact.field(),
                fact.value(),
                fact.offset() < 0 ? Optional.empty() : Optional.of(fact.offset()));
    }

    /** Prints the description. Problems become warnings. */
    static void describe(ByteSource source, Output output) throws IOException {
        List<VhdxDescription.Row> facts = VhdxDescription.of(source);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"STRUCTURE", "FIELD", "VALUE", "FILE OFFSET"});
        output.document(() ->
                new FactsDocument(facts.stream().map(VhdxInfoCommand::entry).toList()));
        for (VhdxDescription.Row fact : facts) {
            rows.add(new String[] {
                fact.section(), fact.field(), fact.value(), fact.offset() < 0 ? "" : "" + fact.offset()
            });
        }
        output.line("%s", Table.of(rows));
        for (VhdxDescription.Row fact : facts) {
            if (fact.isProblem()) {
                output.warning(WarningCode.ODD_DISK, fact.section() + ": " + fact.value());
            }
        }
    }
}
