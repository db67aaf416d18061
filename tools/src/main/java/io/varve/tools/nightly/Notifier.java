package io.varve.tools.nightly;

import io.varve.store.fault.Reason;
import io.varve.tools.nightly.JobFile.Notice;
import io.varve.tools.nightly.JobFile.When;
import io.varve.tools.option.Environment;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Sends notifications about the result of a night. If one fails, that is a warning, and the others are still sent. */
final class Notifier {
    private final NightOutcome outcome;
    private final Map<String, String> environment;
    private final Optional<byte[]> html;
    private final Output output;

    /**
     * @param environment for commands
     * @param html the report to attach to a mail
     */
    Notifier(NightOutcome outcome, Map<String, String> environment, Optional<byte[]> html, Output output) {
        this.outcome = outcome;
        this.environment = environment;
        this.html = html;
        this.output = output;
    }

    void tell(Iterable<Notice> notices) {
        for (Notice notice : notices) {
            if (!isWanted(notice.when())) {
                continue;
            }
            try {
                tell(notice);
            } catch (IOException e) {
                output.warning(WarningCode.NOT_NOTIFIED, "notification failed: " + Reason.of(e));
            } catch (IllegalArgumentException e) {
                // By java.net.http: what it does not accept in an address or a header. The message may quote a secret.
                output.warning(
                        WarningCode.NOT_NOTIFIED,
                        "notification failed: "
                                + notice.webhook()
                                        .map(webhook -> where(webhook.url()) + ": ")
                                        .orElse("")
                                + "the address or the token has a character that HTTP does not allow");
            }
        }
    }

    private boolean isWanted(When when) {
        return switch (when) {
            case ALWAYS -> true;
            case WARNINGS -> outcome.code() != ExitCode.DONE;
            case FAILURE -> outcome.code() != ExitCode.DONE && outcome.code() != ExitCode.WARNINGS;
        };
    }

    private void tell(Notice notice) throws IOException {
        if (notice.command().isPresent()) {
            command(notice.command().get());
        } else if (notice.webhook().isPresent()) {
            post(notice.webhook().get());
        } else {
            mail(notice.mail().orElseThrow());
        }
    }

    private void command(String command) throws IOException {
        ProcessBuilder builder = Environment.shell(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(NightText.mail(outcome).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The command need not read all its input; its exit code decides whether it succeeded.
        }
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException("command took longer than 5 minutes and was ended: " + command);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the command ran: " + command);
        }
        if (process.exitValue() != 0) {
            throw new IOException("command ended with exit code " + process.exitValue() + ": " + command);
        }
    }

    private void post(JobFile.Webhook webhook) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(webhook.url())
                .timeout(webhook.timeLimit())
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(json()));
        if (webhook.tokenFile().isPresent()) {
            request.header(
                    "Authorization",
                    "Bearer " + secret(webhook.tokenFile().get().path()));
        }
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(webhook.timeLimit()).build();
        String where = where(webhook.url());
        try {
            HttpResponse<Void> response = client.send(request.build(), HttpResponse.BodyHandlers.discarding());
            if (response.statusCode() / 100 != 2) {
                throw new IOException("webhook " + where + " answered with status " + response.statusCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while webhook " + where + " was told");
        } catch (java.net.http.HttpTimeoutException e) {
            throw new IOException(
                    "webhook " + where + " did not answer within "
                            + webhook.timeLimit().toSeconds() + " s",
                    e);
        } catch (java.net.ConnectException e) {
            throw new IOException("webhook " + where + ": no connection", e);
        }
    }

    /** The server alone: a user, a password or a path may be secret. */
    private static String where(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private String json() {
        return NightDocuments.text(outcome);
    }

    private void mail(JobFile.Mail mail) throws IOException {
        try {
            String password = mail.passwordFile().isPresent()
                    ? secret(mail.passwordFile().get().path())
                    : null;
            new MailMessage(mail, password).send(NightText.subject(outcome), NightText.mail(outcome), html);
        } catch (MessagingException e) {
            throw new IOException("mail server " + mail.host() + ":" + mail.port() + ": " + e.getMessage(), e);
        }
    }

    /** Reads the first line of a file. */
    private static String secret(Path file) throws IOException {
        return Files.readString(file).lines().findFirst().orElse("").strip();
    }
}
