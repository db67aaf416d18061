package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.store.cache.CacheDirectory;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs command lines inside the test's process and keeps what they say. Their JSON is held against its schema. */
final class Cli {
    record Result(int code, String out, String err) {
        Result expect(ExitCode wanted) {
            assertEquals(wanted.code(), code, () -> out + err);
            return this;
        }

        JsonNode json() throws IOException {
            return new JsonMapper().readTree(out);
        }
    }

    private Cli() {}

    /** Removes what is remembered, outside the test's directory, of the repositories in it. */
    static void forgetWhatWasSeen(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                Path config = entry.resolve("repository.json");
                if (Files.exists(config)) {
                    String id = new JsonMapper()
                            .readTree(config.toFile())
                            .path("repositoryId")
                            .asText();
                    Files.deleteIfExists(CacheDirectory.path().resolve("seen").resolve(id + ".json"));
                    Files.deleteIfExists(CacheDirectory.path().resolve("jobs").resolve(id + ".txt"));
                }
            }
        }
    }

    static Result run(Object... arguments) {
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments) {
            texts.add(argument.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Varve.execute(new PrintWriter(out), new PrintWriter(err), texts.toArray(String[]::new));
        if (code != ExitCode.INTERNAL.code()) {
            Schemas.check(texts, out.toString());
            Schemas.checkProgress(texts, err.toString());
        }
        return new Result(code, out.toString(), err.toString());
    }
}
