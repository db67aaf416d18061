package io.varve.tools.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ConfigurationTest {
    @TempDir
    Path temp;

    private Configuration read(String text) throws IOException {
        Path file = temp.resolve("config.yaml");
        Files.writeString(file, text);
        return Configuration.read(Map.of("VARVE_CONFIG", file.toString()), false, temp);
    }

    private String refused(String text) {
        return assertThrows(UsageException.class, () -> read(text)).getMessage();
    }

    @Test
    void repositoriesByName() throws IOException {
        Configuration read = read("""
                default: main
                repositories:
                  - {name: main, path: /backup/repo}
                  - name: offsite
                    path: /mnt/offsite/../offsite/repo
                    password-file: /etc/varve/offsite
                """);
        assertEquals(List.of("main", "offsite"), read.names());
        assertEquals(
                RepositoryPlace.ofFile("/backup/repo"),
                read.byDefault().orElseThrow().place());
        NamedRepository offsite = read.named("offsite");
        assertEquals(RepositoryPlace.ofFile("/mnt/offsite/repo"), offsite.place());
        assertEquals(Path.of("/etc/varve/offsite"), offsite.passwordFile().path());
        assertTrue(offsite.hasKey());
        String message =
                assertThrows(UsageException.class, () -> read.named("other")).getMessage();
        assertTrue(message.contains("expected one of @main, @offsite"), message);
    }

    @Test
    void mistakesHaveTheirLines() throws IOException {
        String message = refused("""
                default: gone
                repositories:
                  - name: main
                    path: backup
                  - name: main
                    path: /two
                    pasword-file: /x
                  - name: main
                    path: /three
                """);
        assertTrue(message.startsWith("4 mistakes in "), message);
        assertTrue(message.contains("line 4: path: expected an absolute path, found 'backup'"), message);
        assertTrue(message.contains("line 7: unknown key 'pasword-file'; did you mean 'password-file'?"), message);
        assertTrue(message.contains("line 8: repository 'main' is already on line 5"), message);
        assertTrue(message.contains("line 1: default: no repository is named 'gone'"), message);
        assertTrue(refused("repositories: [").contains("not YAML"), "no YAML");
        assertEquals(List.of(), read("# repositories:\n\n").names());
    }

    @Test
    void thatOfTheUserComesFirst() throws IOException {
        Path own = temp.resolve("xdg").resolve("varve").resolve("config.yaml");
        Files.createDirectories(own.getParent());
        Files.writeString(own, "repositories: [{name: mine, path: /mine}]\n");
        Map<String, String> environment =
                Map.of("XDG_CONFIG_HOME", temp.resolve("xdg").toString());
        Configuration read = Configuration.read(environment, false, temp);
        assertEquals(RepositoryPlace.ofFile("/mine"), read.named("mine").place());
        assertEquals(Optional.empty(), read.byDefault());
        assertTrue(read.files().contains(own));
        assertEquals(List.of(Path.of("/etc/varve/config.yaml"), own), Configuration.places(environment, false, temp));
        assertEquals(
                temp.resolve(".config/varve/config.yaml"),
                Configuration.places(Map.of(), false, temp).get(1));
        List<Path> windows = Configuration.places(Map.of("ProgramData", "/pd", "APPDATA", "/ad"), true, temp);
        assertEquals(List.of(Path.of("/pd/Varve/config.yaml"), Path.of("/ad/Varve/config.yaml")), windows);
    }

    @Test
    void noFileIsNoMistakeUnlessItIsNamed() throws IOException {
        assertEquals(
                List.of(),
                Configuration.read(Map.of("VARVE_CONFIG", ""), false, temp).names());
        Map<String, String> missing =
                Map.of("VARVE_CONFIG", temp.resolve("gone.yaml").toString());
        String message = assertThrows(UsageException.class, () -> Configuration.read(missing, false, temp))
                .getMessage();
        assertTrue(message.contains("gone.yaml: no such file; VARVE_CONFIG names it"), message);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatOthersCanWriteIsRefused() throws IOException {
        Path file = temp.resolve("config.yaml");
        Files.writeString(file, "repositories: [{name: main, path: /r}]\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        String message = assertThrows(
                        UsageException.class,
                        () -> Configuration.read(Map.of("VARVE_CONFIG", file.toString()), false, temp))
                .getMessage();
        assertTrue(message.contains("nobody else can write to") && message.contains("mode 666"), message);
    }

    /** The schema that editors get is the one in the docs. */
    @Test
    void theSchemaInTheDocsIsUpToDate() throws IOException {
        assertEquals(
                Files.readString(Path.of("..", "docs", "config.schema.json")),
                Configuration.schema(),
                "write it again: varve schema config >docs/config.schema.json");
    }

    /** A judge that knows only the schema says the same of each file as the reader. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "repositories: [{name: a, path: /a}]",
                "{default: a, repositories: [{name: a, path: /a, key-file: /k}]}",
                "repositories: [{name: 'a b', path: /a}]",
                "repositories: [{name: a}]",
                "repositories: []",
                "default: a",
                "{repositories: [{name: a, path: /a}], other: 1}"
            })
    void theSchemaJudgesAsTheReaderDoes(String text) throws Exception {
        boolean read;
        try {
            read(text);
            read = true;
        } catch (UsageException e) {
            read = false;
        }
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(Configuration.schema());
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
        assertEquals(read, schema.validate(new JsonMapper().valueToTree(tree)).isEmpty(), text);
    }
}
