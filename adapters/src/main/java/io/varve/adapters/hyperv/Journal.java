package io.varve.adapters.hyperv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.adapters.file.ProcessClaim;
import io.varve.adapters.file.WholeFiles;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What this computer is doing to a machine's host, written down before it is done: after a crash the next backup learns
 * from it which checkpoint and reference point are Varve's own. One file per machine; durable when a method returns.
 */
public final class Journal {
    private static final JsonFactory JSON = new JsonFactory();

    private static final String BUSY =
            "another backup of this machine into this repository is running on this computer; wait until it ends";

    private final Path file;

    /**
     * @param folder of this computer and of one repository; created if it is missing
     * @param machine GUID of the machine
     */
    public Journal(Path folder, UUID machine) {
        this.file = folder.resolve(machine + ".json");
    }

    /**
     * An unfinished backup.
     *
     * @param checkpointsBefore ids of the machine's recovery checkpoints before ours was asked for
     * @param checkpoint id of ours, once the host gave it
     * @param pointsBefore ids of its reference points before ours was asked for; absent until then
     * @param point id of ours, once the host gave it
     */
    record Entry(
            String host,
            List<String> checkpointsBefore,
            Optional<String> checkpoint,
            Optional<List<String>> pointsBefore,
            Optional<String> point) {
        Entry {
            checkpointsBefore = List.copyOf(checkpointsBefore);
            pointsBefore = pointsBefore.map(List::copyOf);
        }

        Entry withCheckpoint(String id) {
            return new Entry(host, checkpointsBefore, Optional.of(id), pointsBefore, point);
        }

        Entry converting(List<String> points) {
            return new Entry(host, checkpointsBefore, checkpoint, Optional.of(points), point);
        }

        Entry withPoint(String id) {
            return new Entry(host, checkpointsBefore, checkpoint, pointsBefore, Optional.of(id));
        }
    }

    private Path differential() {
        return file.resolveSibling(file.getFileName() + ".differential");
    }

    /** Notes that a differential export begins. Until {@link #differentialIsDone}, the next export has to be full. */
    void differentialBegins() throws IOException {
        WholeFiles.replace(differential(), new byte[0]);
    }

    /** Whether a differential export was begun that did not lead to a snapshot. */
    boolean differentialIsUnfinished() {
        return !Files.notExists(differential());
    }

    void differentialIsDone() throws IOException {
        Files.deleteIfExists(differential());
    }

    Path file() {
        return file;
    }

    void write(Entry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("host", entry.host());
            write(json, "checkpointsBefore", entry.checkpointsBefore());
            if (entry.checkpoint().isPresent()) {
                json.writeStringField("checkpoint", entry.checkpoint().get());
            }
            if (entry.pointsBefore().isPresent()) {
                write(json, "pointsBefore", entry.pointsBefore().get());
            }
            if (entry.point().isPresent()) {
                json.writeStringField("point", entry.point().get());
            }
            json.writeEndObject();
        }
        WholeFiles.replace(file, bytes.toByteArray());
    }

    private static void write(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /**
     * The unfinished backup; empty when the last one was finished.
     *
     * @throws IOException when the file cannot be read or understood, with advice
     */
    Optional<Entry> read() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try (JsonParser json = JSON.createParser(bytes)) {
            return Optional.of(parse(json));
        } catch (IOException e) {
            throw new IOException(
                    file + ": expected the journal of an unfinished backup, found something else: "
                            + e.getMessage().lines().findFirst().orElse("")
                            + ". Look for a leftover checkpoint with 'varve hyperv clean', then delete this file",
                    e);
        }
    }

    private static Entry parse(JsonParser json) throws IOException {
        String host = "";
        List<String> checkpointsBefore = List.of();
        Optional<String> checkpoint = Optional.empty();
        Optional<List<String>> pointsBefore = Optional.empty();
        Optional<String> point = Optional.empty();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "host" -> host = text(json);
                case "checkpointsBefore" -> checkpointsBefore = texts(json);
                case "checkpoint" -> checkpoint = Optional.of(text(json));
                case "pointsBefore" -> pointsBefore = Optional.of(texts(json));
                case "point" -> point = Optional.of(text(json));
                default -> json.skipChildren();
            }
        }
        return new Entry(host, checkpointsBefore, checkpoint, pointsBefore, point);
    }

    private static String text(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new IOException("expected a text");
        }
        return json.getText();
    }

    private static List<String> texts(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new IOException("expected a list");
        }
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(json));
        }
        return texts;
    }

    /**
     * Keeps other processes of this computer from working on the machine's host objects: what a running backup has
     * there looks like a leftover to them.
     *
     * @return to be closed when the backup has ended
     * @throws IOException when another one runs
     */
    Closeable claim() throws IOException {
        return ProcessClaim.take(file.resolveSibling(file.getFileName() + ".lock"), BUSY);
    }

    /** The export that runs. */
    ExportJob exportJob() {
        return new ExportJob(file.resolveSibling(file.getFileName() + ".job"));
    }

    /** What is being done to the machine's own disks. */
    public RollbackNote rollback() {
        return new RollbackNote(file.resolveSibling(file.getFileName() + ".rollback"));
    }

    private Path exportsFile() {
        return file.resolveSibling(file.getFileName() + ".exports");
    }

    /** Folders of this computer that exports were made into and that may still be there. */
    List<String> exports() throws IOException {
        try {
            return Files.readAllLines(exportsFile());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Notes these instead. */
    void writeExports(List<String> folders) throws IOException {
        if (folders.isEmpty()) {
            Files.deleteIfExists(exportsFile());
        } else {
            WholeFiles.replace(exportsFile(), String.join("\n", folders).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Notes that nothing is left to clean up. */
    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
