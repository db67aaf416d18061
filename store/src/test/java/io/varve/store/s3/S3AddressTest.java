package io.varve.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an address, the environment and profiles become a service and credentials. */
class S3AddressTest {
    @TempDir
    Path temp;

    private Path credentials;
    private Path config;

    @BeforeEach
    void noFiles() {
        credentials = temp.resolve("credentials");
        config = temp.resolve("config");
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> all = new java.util.HashMap<>(
                Map.of("AWS_SHARED_CREDENTIALS_FILE", credentials.toString(), "AWS_CONFIG_FILE", config.toString()));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private S3Service service(String address, String... environment) throws IOException {
        return S3Service.of(S3Address.parse(address), environment(environment));
    }

    @Test
    void partsOfAnAddress() {
        S3Address address = S3Address.parse(
                "s3://my-bucket/a/b/?endpoint=https%3A%2F%2Fs3.example.org:8443&region=eu-1&path-style=no"
                        + "&profile=p&ca=/etc/ca");
        assertEquals("my-bucket", address.bucket());
        assertEquals("a/b", address.prefix());
        assertEquals(URI.create("https://s3.example.org:8443"), address.endpoint());
        assertEquals("eu-1", address.region());
        assertEquals(false, address.pathStyle());
        assertEquals("s3://my-bucket/a/b at s3.example.org:8443", address.text());
        assertEquals("", S3Address.parse("s3://bucket").prefix());
        assertEquals("", S3Address.parse("s3://bucket/").prefix());
    }

    @Test
    void whereRequestsGo() throws IOException {
        S3Service amazon = service("s3://bucket/x?region=eu-central-1");
        assertEquals("bucket.s3.eu-central-1.amazonaws.com", amazon.host());
        assertEquals("", amazon.path());
        S3Service dotted = service("s3://a.b/x");
        assertEquals("s3.us-east-1.amazonaws.com", dotted.host());
        assertEquals("/a.b", dotted.path());
        S3Service own = service("s3://bucket/x", "AWS_ENDPOINT_URL", "http://127.0.0.1:8190", "AWS_REGION", "here");
        assertEquals("127.0.0.1:8190", own.host());
        assertEquals("/bucket", own.path());
        assertEquals("here", own.region());
        Files.writeString(config, "[profile far]\nregion = far-1\nendpoint_url = https://far.example.org:443\n");
        S3Service far = service("s3://bucket/x?profile=far");
        assertEquals("far.example.org", far.host());
        assertEquals("far-1", far.region());
        assertThrows(
                IllegalArgumentException.class,
                () -> service("s3://bucket/x", "AWS_ENDPOINT_URL", "http://s3.example.org"));
        IOException missing = assertThrows(IOException.class, () -> service("s3://bucket/x?profile=none"));
        assertTrue(missing.getMessage().contains("no profile 'none'"), missing.getMessage());
    }

    @Test
    void whereCredentialsComeFrom() throws IOException {
        Map<String, String> variables =
                environment("AWS_ACCESS_KEY_ID", "ak", "AWS_SECRET_ACCESS_KEY", "sk", "AWS_SESSION_TOKEN", "");
        Credentials found = new CredentialChain(variables, null).current();
        assertEquals(new Credentials("ak", "sk", null, null), found);
        assertFalse(found.toString().contains("sk"), "no secret is printed by mistake");
        Files.writeString(credentials, """
                [default]
                aws_access_key_id=d
                aws_secret_access_key=ds
                # [p]
                [p]
                aws_access_key_id = q
                aws_secret_access_key = q+/=s
                aws_session_token=t
                """);
        assertEquals(new Credentials("q", "q+/=s", "t", null), new CredentialChain(variables, "p").current());
        assertEquals("d", new CredentialChain(environment(), null).current().accessKey());
        assertEquals(
                "q",
                new CredentialChain(environment("AWS_PROFILE", "p"), null)
                        .current()
                        .accessKey());
        IOException none = assertThrows(
                IOException.class,
                () -> new CredentialChain(environment("AWS_SHARED_CREDENTIALS_FILE", temp + "/none"), null).current());
        assertTrue(none.getMessage().contains("no credentials for S3"), none.getMessage());
        IOException half = assertThrows(
                IOException.class, () -> new CredentialChain(environment("AWS_ACCESS_KEY_ID", "ak"), null).current());
        assertTrue(half.getMessage().contains("AWS_SECRET_ACCESS_KEY is not"), half.getMessage());
    }

    /** Credentials of a program are asked for again shortly before they end. */
    @Test
    void aProgramGivesCredentials() throws IOException {
        Path program = temp.resolve("a program");
        Path count = temp.resolve("count");
        Files.writeString(program, """
                #!/bin/sh
                echo x >> '%s'
                cat <<X
                {"Version": 1, "AccessKeyId": "$1", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "$2"}
                X
                """.formatted(count));
        assertTrue(program.toFile().setExecutable(true));
        Files.writeString(config, "[default]\ncredential_process = \"" + program + "\" 'k 1' 2020-01-01T00:00:00Z\n");
        CredentialChain ended = new CredentialChain(environment(), null);
        assertEquals("k 1", ended.current().accessKey());
        assertEquals("t", ended.current().sessionToken());
        assertEquals(2, Files.readAllLines(count).size());
        Files.writeString(config, "[default]\ncredential_process = \"" + program + "\" k 2999-01-01T00:00:00Z\n");
        CredentialChain lasting = new CredentialChain(environment(), null);
        Credentials first = lasting.current();
        assertEquals(first, lasting.current());
        assertEquals(3, Files.readAllLines(count).size());
        assertFalse(lasting.renew(first), "it gives the same");
        for (String bad : List.of("/bin/false", "/no/such/program", "/bin/echo secret-in-text", "\"open")) {
            Files.writeString(config, "[default]\ncredential_process = " + bad + "\n");
            IOException failure =
                    assertThrows(IOException.class, () -> new CredentialChain(environment(), null).current());
            assertTrue(failure.getMessage().startsWith("credential_process: "), failure.getMessage());
            assertFalse(failure.getMessage().contains("secret-in-text"), failure.getMessage());
        }
    }

    @Test
    void aProxyIsUsedUnlessTheHostIsExempt() {
        URI service = URI.create("https://s3.example.org");
        assertNull(S3Http.proxy(service, Map.of()));
        assertEquals(
                InetSocketAddress.createUnresolved("proxy", 3128),
                S3Http.proxy(service, Map.of("https_proxy", "http://proxy:3128")));
        assertEquals(
                InetSocketAddress.createUnresolved("proxy", 80),
                S3Http.proxy(service, Map.of("HTTPS_PROXY", "proxy", "no_proxy", "other.org, example.com")));
        for (String exempt : List.of("example.org", ".example.org", "*", "a, s3.example.org")) {
            assertNull(S3Http.proxy(service, Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", exempt)), exempt);
        }
        assertNull(S3Http.proxy(URI.create("http://localhost:1"), Map.of("http_proxy", "http://proxy:1")));
    }

    /** The example of the service's documentation: GET of an object with a range. */
    @Test
    void theSignatureIsThatOfTheDocumentation() {
        java.util.SortedMap<String, String> headers = new java.util.TreeMap<>(Map.of(
                "host", "examplebucket.s3.amazonaws.com",
                "range", "bytes=0-9",
                "x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "x-amz-date", "20130524T000000Z"));
        String signature = Signature.of(
                new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null, null),
                "us-east-1",
                "GET",
                "/test.txt",
                new java.util.TreeMap<>(),
                headers);
        assertTrue(
                signature.endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
                signature);
        assertEquals("a%20b%2Bc/%C3%A4~", Signature.encoded("a b+c/ä~", true));
    }
}
