package io.varve.store.s3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds credentials where other programs for S3 find them: environment, profile, or a program that a profile names.
 * They are read again when they end, or when the service says that they have ended. Thread-safe.
 */
final class CredentialChain {
    private static final Duration EARLY = Duration.ofMinutes(2);
    private static final int PROGRAM_SECONDS = 60;

    private final Map<String, String> environment;
    private final String profile;
    private Credentials current;

    /**
     * @param environment variables of the process
     * @param profile as given in the address; null for the usual one
     */
    CredentialChain(Map<String, String> environment, String profile) {
        this.environment = Map.copyOf(environment);
        this.profile = profile;
    }

    /** The credentials to sign with now. */
    synchronized Credentials current() throws IOException {
        if (current == null
                || current.expiry() != null && Instant.now().plus(EARLY).isAfter(current.expiry())) {
            current = find();
        }
        return current;
    }

    /**
     * Reads them again after the service refused them.
     *
     * @return whether they are others now
     */
    synchronized boolean renew(Credentials refused) throws IOException {
        if (current != null && !current.equals(refused)) {
            return true; // another thread did
        }
        current = find();
        return !current.equals(refused);
    }

    private Credentials find() throws IOException {
        if (profile == null
                && !environment.getOrDefault("AWS_ACCESS_KEY_ID", "").isEmpty()) {
            String secret = environment.get("AWS_SECRET_ACCESS_KEY");
            if (secret == null || secret.isEmpty()) {
                throw new IOException("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
            }
            String token = environment.get("AWS_SESSION_TOKEN");
            return new Credentials(
                    environment.get("AWS_ACCESS_KEY_ID"),
                    secret,
                    token == null || token.isEmpty() ? null : token,
                    null);
        }
        Profile section = Profile.read(environment, profile);
        if (section.value("aws_access_key_id").isPresent()) {
            return new Credentials(
                    section.value("aws_access_key_id").get(),
                    section.value("aws_secret_access_key")
                            .orElseThrow(() ->
                                    new IOException("profile '" + section.name() + "' has no aws_secret_access_key")),
                    section.value("aws_session_token").orElse(null),
                    null);
        }
        if (section.value("credential_process").isPresent()) {
            return ofProgram(section.value("credential_process").get());
        }
        throw new IOException("no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or enter them"
                + " for profile '" + section.name() + "' in ~/.aws/credentials");
    }

    private static Credentials ofProgram(String command) throws IOException {
        List<String> words = words(command);
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new IOException("credential_process: cannot start " + words.get(0) + ": " + Reason.of(e), e);
        }
        process.getOutputStream().close();
        CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> {
            try {
                return process.getInputStream().readNBytes(1 << 16);
            } catch (IOException e) {
                return new byte[0];
            }
        });
        try {
            byte[] json = output.get(PROGRAM_SECONDS, TimeUnit.SECONDS);
            if (!process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("credential_process: " + words.get(0) + " failed with exit code "
                        + (process.isAlive() ? "(none)" : process.exitValue()));
            }
            return decode(json, words.get(0));
        } catch (TimeoutException e) {
            throw new IOException(
                    "credential_process: " + words.get(0) + " did not answer within " + PROGRAM_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("credential_process: " + words.get(0) + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + words.get(0), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Credentials decode(byte[] json, String program) throws IOException {
        JsonNode node;
        try {
            node = new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));
        } catch (IOException e) {
            node = null;
        }
        if (node == null
                || !node.path("AccessKeyId").isTextual()
                || !node.path("SecretAccessKey").isTextual()) {
            // The output is not repeated: it may be the secret.
            throw new IOException("credential_process: expected JSON with AccessKeyId and SecretAccessKey from "
                    + program + ", found something else");
        }
        Instant expiry = null;
        if (node.path("Expiration").isTextual()) {
            try {
                expiry = Instant.parse(node.path("Expiration").asText());
            } catch (DateTimeException e) {
                throw new IOException(
                        "credential_process: expected a time in Expiration from " + program + ", found '"
                                + node.path("Expiration").asText() + "'",
                        e);
            }
        }
        return new Credentials(
                node.path("AccessKeyId").asText(),
                node.path("SecretAccessKey").asText(),
                node.path("SessionToken").isTextual()
                        ? node.path("SessionToken").asText()
                        : null,
                expiry);
    }

    /** Splits a command line at spaces that are not inside quotes; no shell is involved. */
    static List<String> words(String command) throws IOException {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                word = word == null ? new StringBuilder() : word;
            } else if (c != ' ' && c != '\t') {
                word = word == null ? new StringBuilder() : word;
                word.append(c);
            } else if (word != null) {
                words.add(word.toString());
                word = null;
            }
        }
        if (quote != 0) {
            throw new IOException("credential_process: a quotation mark is not closed");
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
