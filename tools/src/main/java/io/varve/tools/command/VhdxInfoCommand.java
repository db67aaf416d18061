package io.varve.tools.command;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxDescription;
import io.varve.engine.Cancellation;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Describe every structure of a VHDX, including damaged ones.")
final class VhdxInfoCommand extends CommonOptions {
    @Parameters(paramLabel = "FILE", description = "The VHDX.")
    private Path file;

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        try (ByteSource source = ByteSources.open(file, Reader.AUTO)) {
            describe(source, output);
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e), e);
        }
    }

    /** Prints the description; problems become warnings. */
    static void describe(ByteSource source, Output output) throws IOException {
        List<VhdxDescription.Row> facts = VhdxDescription.of(source);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"STRUCTURE", "FIELD", "VALUE", "FILE OFFSET"});
        var json = output.isJson() ? output.document().putArray("rows") : null;
        for (VhdxDescription.Row fact : facts) {
            rows.add(new String[] {
                fact.section(), fact.field(), fact.value(), fact.offset() < 0 ? "" : "" + fact.offset()
            });
            if (json != null) {
                json.addObject()
                        .put("section", fact.section())
                        .put("field", fact.field())
                        .put("value", fact.value())
                        .put("offset", fact.offset());
            }
        }
        output.line("%s", Table.of(rows));
        for (VhdxDescription.Row fact : facts) {
            if (fact.isProblem()) {
                output.warning(fact.section() + ": " + fact.value());
            }
        }
    }
}
