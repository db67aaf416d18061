package io.varve.tools.nightly;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Properties;

/** A mail to the operator: text, with the report attached. */
final class MailMessage {
    private final JobFile.Mail mail;
    private final String password;

    /** @param password null if no login is needed */
    MailMessage(JobFile.Mail mail, String password) {
        this.mail = mail;
        this.password = password;
    }

    void send(String subject, String text, Optional<byte[]> html) throws MessagingException {
        boolean tls = mail.security().equals("tls");
        String protocol = tls ? "smtps" : "smtp";
        String millis = Long.toString(mail.timeLimit().toMillis());
        Properties properties = new Properties();
        for (String limit : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail." + protocol + "." + limit, millis);
        }
        boolean starttls = mail.security().equals("starttls");
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(starttls));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(starttls));
        properties.setProperty("mail." + protocol + ".ssl.checkserveridentity", "true");
        properties.setProperty("mail." + protocol + ".auth", Boolean.toString(password != null));
        Session session = Session.getInstance(properties);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(mail.from(), true));
        for (String to : mail.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject(subject, "UTF-8");
        message.setHeader(
                "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneId.systemDefault())));
        message.setHeader("Auto-Submitted", "auto-generated");
        MimeBodyPart words = new MimeBodyPart();
        words.setText(text, "UTF-8");
        MimeMultipart parts = new MimeMultipart(words);
        if (html.isPresent()) {
            MimeBodyPart report = new MimeBodyPart();
            report.setDataHandler(new DataHandler(new ByteArrayDataSource(html.get(), "text/html; charset=utf-8")));
            report.setFileName("varve-report.html");
            parts.addBodyPart(report);
        }
        message.setContent(parts);
        message.saveChanges();
        try (Transport transport = session.getTransport(protocol)) {
            transport.connect(mail.host(), mail.port(), mail.user().orElse(null), password);
            transport.sendMessage(message, message.getAllRecipients());
        }
    }
}
