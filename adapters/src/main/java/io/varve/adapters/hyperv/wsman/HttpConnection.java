package io.varve.adapters.hyperv.wsman;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One connection of HTTP/1.1 (RFC 9112) without TLS, for logons that belong to a connection: the JDK's client does not
 * say on which one a request travels. Answers are bounded in size and time. One thread at a time.
 */
final class HttpConnection implements Closeable {
    private static final int CONNECT_MILLIS = 20_000;

    /** How often a wait looks whether its thread was interrupted. */
    private static final int LOOK_MILLIS = 250;

    private static final int LONGEST_LINE = 64 << 10;
    private static final int MOST_HEADERS = 200;
    private static final int MOST_INTERIM_ANSWERS = 10;

    private final HostAddress address;
    private final Duration patience;
    private final int largest;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private long deadline;

    private HttpConnection(HostAddress address, Duration patience, int largest, Socket socket) throws IOException {
        this.address = address;
        this.patience = patience;
        this.largest = largest;
        this.socket = socket;
        this.in = new BufferedInputStream(new Waiting(), 16 << 10);
        this.out = socket.getOutputStream();
    }

    /**
     * Connects.
     *
     * @param patience for one answer as a whole
     * @param largest bytes of a body
     */
    static HttpConnection open(HostAddress address, Duration patience, int largest) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.uri().getHost(), address.port()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LOOK_MILLIS);
            return new HttpConnection(address, patience, largest, socket);
        } catch (ConnectException | SocketTimeoutException | NoRouteToHostException e) {
            socket.close();
            throw new IOException(
                    address.uri() + ": cannot connect: is WinRM enabled on the host (winrm quickconfig), and does its"
                            + " firewall allow port " + address.port() + "?",
                    e);
        } catch (IOException e) {
            socket.close();
            throw new IOException(address.uri() + ": cannot connect: " + e.getMessage(), e);
        }
    }

    /**
     * Sends a request and waits for its answer. After an exception the connection is of no use.
     *
     * @param headers beyond those that say where the request goes and how long it is
     */
    HttpAnswer post(Map<String, String> headers, byte[] body) throws IOException {
        deadline = System.nanoTime() + patience.toNanos();
        StringBuilder head = new StringBuilder(300);
        head.append("POST ").append(address.uri().getPath()).append(" HTTP/1.1\r\n");
        head.append("Host: ")
                .append(address.host())
                .append(':')
                .append(address.port())
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + body.length);
        request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        try {
            request.writeTo(out);
            out.flush();
            return answer();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    address.uri() + ": no answer: "
                            + Optional.ofNullable(e.getMessage()).orElse(e.toString()),
                    e);
        }
    }

    private HttpAnswer answer() throws IOException {
        for (int i = 0; i < MOST_INTERIM_ANSWERS; i++) {
            String line = line();
            if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
                throw new IOException("expected a status line of HTTP/1.1, found '" + printable(line) + "'");
            }
            int status = Integer.parseInt(line.substring(9, 12));
            Map<String, List<String>> headers = headers();
            if (status >= 200) {
                boolean keepsOpen = line.startsWith("HTTP/1.1") && !says(headers, "connection", "close");
                return body(status, headers, keepsOpen);
            }
        }
        throw new IOException("more than " + MOST_INTERIM_ANSWERS + " interim answers");
    }

    private HttpAnswer body(int status, Map<String, List<String>> headers, boolean keepsOpen) throws IOException {
        if (status == 204 || status == 304) {
            return new HttpAnswer(status, headers, new byte[0], keepsOpen);
        }
        List<String> lengths = headers.getOrDefault("content-length", List.of());
        if (headers.containsKey("transfer-encoding")) {
            if (!says(headers, "transfer-encoding", "chunked")) {
                throw new IOException("unknown transfer encoding " + headers.get("transfer-encoding"));
            }
            return new HttpAnswer(status, headers, chunks(), keepsOpen);
        }
        if (lengths.isEmpty()) {
            return new HttpAnswer(status, headers, rest(), false);
        }
        if (lengths.stream().distinct().count() > 1) {
            throw new IOException("an answer with several lengths: " + lengths);
        }
        return new HttpAnswer(status, headers, exactly(length(lengths.get(0), 10)), keepsOpen);
    }

    private static boolean says(Map<String, List<String>> headers, String name, String word) {
        return headers.getOrDefault(name, List.of()).stream()
                .anyMatch(value -> List.of(value.toLowerCase(Locale.ROOT).split("\\s*,\\s*"))
                        .contains(word));
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 0; i <= MOST_HEADERS; i++) {
            String line = line();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("expected a header, found '" + printable(line) + "'");
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        throw new IOException("more than " + MOST_HEADERS + " headers");
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int length = length(line().replaceFirst("\\s*;.*", ""), 16);
            if (length == 0) {
                headers(); // the trailer
                return body.toByteArray();
            }
            if (length > largest - body.size()) {
                throw tooLarge();
            }
            body.writeBytes(exactly(length));
            if (!line().isEmpty()) {
                throw new IOException("a part of the answer is longer than it says");
            }
        }
    }

    private int length(String text, int radix) throws IOException {
        if (!text.matches(radix == 16 ? "[0-9a-fA-F]{1,8}" : "[0-9]{1,12}")) {
            throw new IOException("expected a length, found '" + printable(text) + "'");
        }
        long length = Long.parseLong(text, radix);
        if (length > largest) {
            throw tooLarge();
        }
        return (int) length;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private byte[] rest() throws IOException {
        byte[] bytes = in.readNBytes(largest + 1);
        if (bytes.length > largest) {
            throw tooLarge();
        }
        return bytes;
    }

    private IOException tooLarge() {
        return new IOException("an answer of more than " + largest + " bytes");
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(100);
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
            line.write(next);
        }
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "…" : clean;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Waits for bytes until the deadline, or until the thread is interrupted. */
    private final class Waiting extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            goOn();
            while (true) {
                try {
                    return socket.getInputStream().read(bytes, offset, length);
                } catch (SocketTimeoutException e) {
                    goOn();
                }
            }
        }

        private void goOn() throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for " + address.uri());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("nothing complete within " + patience.toSeconds() + " s");
            }
        }
    }
}
