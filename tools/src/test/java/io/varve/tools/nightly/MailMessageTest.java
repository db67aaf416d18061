package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.MessagingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Against a mail server of this test's own, which offers login and no encryption. */
class MailMessageTest {
    private static JobFile.Mail mail(int port, String security) {
        return new JobFile.Mail(
                "127.0.0.1",
                port,
                security,
                Optional.of("user"),
                Optional.empty(),
                "varve@example.org",
                List.of("operator@example.org", "boss@example.org"),
                Duration.ofSeconds(5));
    }

    private static List<String> serve(ServerSocket server) throws IOException {
        List<String> said = new ArrayList<>();
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                OutputStream out = socket.getOutputStream()) {
            answer(out, "220 test");
            boolean data = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                said.add(line);
                if (data) {
                    data = !line.equals(".");
                    if (!data) {
                        answer(out, "250 taken");
                    }
                } else if (line.startsWith("EHLO")) {
                    answer(out, "250-test\r\n250 AUTH PLAIN");
                } else if (line.startsWith("AUTH")) {
                    answer(out, "235 ok");
                } else if (line.equals("DATA")) {
                    data = true;
                    answer(out, "354 go on");
                } else if (line.equals("QUIT")) {
                    answer(out, "221 bye");
                    break;
                } else {
                    answer(out, "250 ok");
                }
            }
        }
        return said;
    }

    private static void answer(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Test
    void theServerGetsTextAndReport() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> said = CompletableFuture.supplyAsync(() -> {
                try {
                    return serve(server);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            new MailMessage(mail(server.getLocalPort(), "none"), "secret")
                    .send(
                            "night: done",
                            "3 machines – all fine",
                            Optional.of("<html>".getBytes(StandardCharsets.UTF_8)));
            List<String> lines = said.get(10, TimeUnit.SECONDS);
            String all = String.join("\n", lines);
            assertTrue(all.contains("RCPT TO:<boss@example.org>"), all);
            assertTrue(all.contains("Subject: night: done"), all);
            assertTrue(all.contains("filename=varve-report.html"), all);
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("AUTH PLAIN")), all);
            assertEquals(
                    1, lines.stream().filter(line -> line.startsWith("Date: ")).count());
        }
    }

    /** Where encryption is wanted and not offered, nothing is sent, and no password. */
    @Test
    void withoutTheEncryptionThatIsWantedNothingIsSent() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> said = CompletableFuture.supplyAsync(() -> {
                try {
                    return serve(server);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            MailMessage message = new MailMessage(mail(server.getLocalPort(), "starttls"), "secret");
            assertThrows(MessagingException.class, () -> message.send("s", "t", Optional.empty()));
            List<String> lines = said.get(10, TimeUnit.SECONDS);
            assertTrue(
                    lines.stream().noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL")), "" + lines);
        }
    }
}
