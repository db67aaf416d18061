package io.varve.tools.command;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.tools.document.ContentDocument;
import io.varve.tools.document.FactsDocument;
import io.varve.tools.document.PackDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.OutputPath;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = "Describe a file: a pack, a manifest, any other file of a repository, or a VHDX.")
@Prints({ContentDocument.class, PackDocument.class, FactsDocument.class})
public final class DumpCommand extends CommonOptions {
    private static final String EXPECTED = "a pack, a VHDX or a JSON file of a repository";

    @Parameters(paramLabel = "FILE", description = "The file. It need not be in a repository.")
    private Path file;

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UsageException(file + " is a directory: give a file ('varve stats' describes index/)");
        }
        try (ByteSource source = open()) {
            switch (magic(source)) {
                case "vhdxfile" -> VhdxInfoCommand.describe(source, output);
                case "VARVPACK" -> PackDump.describe(file.toAbsolutePath(), output);
                default -> {
                    checkIsOurs(source);
                    describeJson(source, output);
                }
            }
        }
    }

    private ByteSource open() throws SourceException {
        try {
            return ByteSources.open(file, Reader.DIRECT);
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
    }

    private static String magic(ByteSource source) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate((int) Math.min(8, source.size()));
        source.read(0, magic);
        return new String(magic.array(), StandardCharsets.US_ASCII);
    }

    /**
     * Checks that the file is one of Varve. In a repository, any other file is damage; elsewhere, it is the wrong file.
     */
    private void checkIsOurs(ByteSource source) throws IOException {
        ByteBuffer first = ByteBuffer.allocate((int) Math.min(1, source.size()));
        source.read(0, first);
        boolean mayBeJson = first.capacity() == 1 && first.get(0) == '{' && source.size() <= SealedJson.MAX_SIZE;
        if (!mayBeJson && OutputPath.repositoryAbove(file).isEmpty()) {
            throw new SourceException(file + ": expected " + EXPECTED + ", found something else", null);
        }
    }

    private void describeJson(ByteSource source, Output output) throws IOException {
        if (source.size() > SealedJson.MAX_SIZE) {
            throw new CorruptDataException(file.toString(), -1, EXPECTED, "something else");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
        source.read(0, bytes);
        JsonFields fields = decode(bytes.array());
        output.line("%s", new String(bytes.array(), StandardCharsets.UTF_8).stripTrailing());
        output.line("the digest matches");
        output.document(() -> new ContentDocument(fields.tree()));
    }

    private JsonFields decode(byte[] bytes) throws IOException {
        try {
            return SealedJson.decode(bytes, file.toString());
        } catch (CorruptDataException e) {
            if (OutputPath.repositoryAbove(file).isPresent()) {
                throw e;
            }
            throw new SourceException(e.getMessage(), e);
        }
    }
}
