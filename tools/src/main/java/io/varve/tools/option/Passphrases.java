package io.varve.tools.option;

import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads passphrases from a file, a command or the console. What was read is wiped as far as Java allows. */
final class Passphrases {
    private static final int MAX_LENGTH = 64 << 10;

    private Passphrases() {}

    static Credential fromFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return firstLine(in, file.toString());
        } catch (LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": cannot read this passphrase file: " + Reason.bare(e), e);
        }
    }

    /** Runs a command line in the platform's shell. Its standard error is shown. */
    static Credential fromCommand(String command) throws IOException {
        Process process = Environment.shell(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream in = process.getInputStream()) {
            byte[] output = in.readNBytes(MAX_LENGTH);
            if (in.read() >= 0) { // the command would wait for a reader for ever
                Arrays.fill(output, (byte) 0);
                process.destroy();
                throw new LockedRepositoryException("the password command printed more than " + MAX_LENGTH
                        + " bytes: expected a passphrase, in its first line");
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new LockedRepositoryException("the password command ended with exit code " + code);
            }
            return decode(output, "the password command");
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the password command ran", e);
        }
    }

    /**
     * Other processes of this user may be able to read the environment. The help says so where the variable is
     * described.
     */
    static Credential fromVariable(String name) throws IOException {
        return decode(System.getenv(name).getBytes(StandardCharsets.UTF_8), name);
    }

    private static Credential firstLine(InputStream in, String source) throws IOException {
        return decode(in.readNBytes(MAX_LENGTH), source);
    }

    /** @param isMarked whether a byte order mark came first */
    @SuppressWarnings("ArrayRecordComponent") // wiped by whoever gets it
    private record Line(char[] text, boolean isMarked) {}

    private static Line line(byte[] bytes, String source) throws IOException {
        if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            Arrays.fill(bytes, (byte) 0);
            throw new LockedRepositoryException(source + ": expected a passphrase in UTF-8, found UTF-16: save the file"
                    + " as UTF-8, in PowerShell with -Encoding utf8");
        }
        // Notepad and PowerShell 5 write an invisible byte order mark at the start.
        int begin = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        int end = begin;
        while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        CharBuffer chars = null;
        try {
            chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, begin, end - begin));
            char[] line = new char[chars.remaining()];
            chars.get(line);
            return new Line(line, begin > 0);
        } catch (CharacterCodingException e) {
            throw new LockedRepositoryException(source + ": expected a passphrase in UTF-8, found other bytes");
        } finally {
            Arrays.fill(bytes, (byte) 0);
            if (chars != null && chars.hasArray()) {
                Arrays.fill(chars.array(), '\0');
            }
        }
    }

    private static Credential decode(byte[] bytes, String source) throws IOException {
        Line line = line(bytes, source);
        try {
            return credential(line.text(), line.isMarked());
        } catch (LockedRepositoryException e) {
            throw new LockedRepositoryException(source + ": " + e.getMessage());
        }
    }

    /** The first line of a file, for a password that opens something else than a repository. */
    static char[] lineOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return line(in.readNBytes(MAX_LENGTH), file.toString()).text();
        }
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i == bytes.length || (bytes[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** @throws LockedRepositoryException if there is no console */
    static Credential ask(String what) throws LockedRepositoryException {
        return credential(read(what + ": "));
    }

    static Credential askNew() throws LockedRepositoryException {
        char[] first = read("new passphrase: ");
        char[] second = read("repeat the passphrase: ");
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, '\0');
        if (!same) {
            Arrays.fill(first, '\0');
            throw new LockedRepositoryException("the passphrases differ; nothing was done");
        }
        return credential(first);
    }

    private static Credential credential(char[] passphrase) throws LockedRepositoryException {
        return credential(passphrase, false);
    }

    private static Credential credential(char[] passphrase, boolean marked) throws LockedRepositoryException {
        try {
            return Credential.passphrase(passphrase, marked);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** Asks on the terminal; empty if there is none. The caller wipes the answer. */
    @SuppressWarnings("SystemConsoleNull") // it can be null before Java 22
    static Optional<char[]> prompted(String prompt) {
        java.io.Console console = isTerminal() ? System.console() : null;
        return Optional.ofNullable(console == null ? null : console.readPassword("%s", prompt));
    }

    private static char[] read(String prompt) throws LockedRepositoryException {
        Optional<char[]> answer = prompted(prompt);
        if (answer.isEmpty()) {
            throw new LockedRepositoryException(
                    "a key is required and there is no terminal to prompt on: give --key-file or"
                            + " --password-file, or set VARVE_KEY_FILE, VARVE_PASSWORD_FILE or"
                            + " VARVE_PASSWORD_COMMAND");
        }
        return answer.get();
    }

    /** From Java 22 on there is a console even without a terminal; its {@code isTerminal} tells them apart. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        try {
            return console != null
                    && (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true; // before Java 22 a console is always a terminal
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
