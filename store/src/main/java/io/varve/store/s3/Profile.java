package io.varve.store.s3;

import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A named section of the two files that other programs for S3 share: {@code ~/.aws/credentials} and
 * {@code ~/.aws/config}.
 */
final class Profile {
    private final Map<String, String> values = new HashMap<>();
    private final String name;
    private boolean found;

    private Profile(String name) {
        this.name = name;
    }

    /**
     * Reads a profile. One that is in neither file has no values.
     *
     * @param environment variables of the process
     * @param name as given in the address; null for {@code AWS_PROFILE}, or {@code default}
     * @throws IOException when a file cannot be read, or the profile was asked for by name and is nowhere
     */
    static Profile read(Map<String, String> environment, String name) throws IOException {
        String variable = environment.get("AWS_PROFILE");
        boolean isNamed = name != null || variable != null && !variable.isEmpty();
        Profile profile = new Profile(name != null ? name : isNamed ? variable : "default");
        Path credentials = file(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
        Path config = file(environment, "AWS_CONFIG_FILE", "config");
        profile.add(config, profile.name.equals("default") ? "default" : "profile " + profile.name);
        profile.add(credentials, profile.name);
        if (isNamed && !profile.found) {
            throw new IOException("no profile '" + profile.name + "' in " + credentials + " or " + config);
        }
        return profile;
    }

    private static Path file(Map<String, String> environment, String variable, String name) {
        String chosen = environment.get(variable);
        return chosen != null && !chosen.isEmpty()
                ? Path.of(chosen)
                : Path.of(System.getProperty("user.home"), ".aws", name);
    }

    private void add(Path file, String section) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new IOException(file + ": cannot read it: " + Reason.of(e), e);
        }
        boolean inside = false;
        for (String line : text.split("\\R")) {
            String stripped = line.strip();
            int equals = stripped.indexOf('=');
            if (stripped.startsWith("[") && stripped.endsWith("]")) {
                inside = stripped.substring(1, stripped.length() - 1).strip().equals(section);
                found |= inside;
            } else if (inside && equals > 0 && !stripped.startsWith("#") && !stripped.startsWith(";")) {
                values.put(
                        stripped.substring(0, equals).strip(),
                        stripped.substring(equals + 1).strip());
            }
        }
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    String name() {
        return name;
    }
}
