package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/json.md} is what the program says. */
class JsonPageTest {
    private static final Path PAGE = Path.of("..", "docs", "json.md");
    private static final String WRITE = "varve.write-json-page";

    @Test
    void isUpToDate() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, JsonPage.text());
        }
        assertEquals(
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                JsonPage.text(),
                "docs/json.md is not what the documents' records give; regenerate it with: mvn -pl tools -am test"
                        + " -Dtest=JsonPageTest -Dsurefire.failIfNoSpecifiedTests=false -D" + WRITE + "=true");
    }
}
