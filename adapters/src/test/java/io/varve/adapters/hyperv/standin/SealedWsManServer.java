package io.varve.adapters.hyperv.standin;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.MessageProp;

/** The host's WinRM on its HTTP port: Kerberos belongs to a connection, and messages are sealed. */
public final class SealedWsManServer implements Closeable {
    /** What this host does wrong. */
    public enum Mischief {
        NONE,
        /** Nothing; but it closes the connection after each answer, and says so. */
        CLOSES,
        /** Lets the account in, and proves nothing itself. */
        NO_PROOF,
        /** Forgets a logon after its first request. */
        FORGETS,
        /** Answers without sealing. */
        PLAIN,
        /** A bit of the answer is another. */
        FLIPPED,
        /** Answers a second request with the first answer. */
        REPLAYED,
        /** Says another length than that of the text. */
        LENGTH,
        /** Ends in the middle of an answer. */
        HALF
    }

    private static final String BOUNDARY = "--Encrypted Boundary\r\n";
    private static final String PROTOCOL = "application/HTTP-SPNEGO-session-encrypted";
    private static final int SIGNATURE = 60;

    private final ServerSocket listener;
    private final WsManProtocol protocol;
    private final NegotiateAcceptor domain;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile Mischief mischief = Mischief.NONE;

    private SealedWsManServer(ServerSocket listener, StandInHost host, NegotiateAcceptor domain) {
        this.listener = listener;
        this.protocol = new WsManProtocol(host);
        this.domain = domain;
    }

    public static SealedWsManServer start(StandInHost host, NegotiateAcceptor domain) throws IOException {
        ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        SealedWsManServer server = new SealedWsManServer(listener, host, domain);
        start("winrm", server::listen);
        return server;
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    public String address() {
        return "http://localhost:" + listener.getLocalPort();
    }

    public void begin(Mischief wanted) {
        mischief = wanted;
    }

    /** What clients did that Windows would not understand. */
    public List<String> violations() {
        return violations;
    }

    /** How many connections there were. */
    public int connectionCount() {
        return connections.size();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                start("winrm-connection", () -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    violations.add("cannot listen: " + e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new Connection(socket).serve();
        } catch (EOFException e) {
            return; // the client is done
        } catch (IOException | GSSException e) {
            if (!listener.isClosed()) {
                violations.add(e.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /** One connection and its logon. */
    private final class Connection {
        private final InputStream in;
        private final OutputStream out;
        private GSSContext context;
        private byte[] last;

        Connection(Socket socket) throws IOException {
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        void serve() throws IOException, GSSException {
            while (true) {
                Map<String, String> headers = head();
                byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                String authorization = headers.getOrDefault("authorization", "");
                if (authorization.startsWith("Negotiate ")) {
                    logOn(Base64.getDecoder().decode(authorization.substring(10)), body.length);
                } else if (context == null) {
                    write("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n", new byte[0], false);
                } else if (!answer(body, headers.getOrDefault("content-type", ""))) {
                    return;
                }
            }
        }

        private Map<String, String> head() throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            String first = line();
            if (!first.equals("POST /wsman HTTP/1.1")) {
                violations.add("request line " + first);
            }
            for (String line = line(); !line.isEmpty(); line = line()) {
                String[] parts = line.split(": ", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            return headers;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException();
                }
                line.write(next);
            }
            return line.toString(StandardCharsets.ISO_8859_1).strip();
        }

        private void logOn(byte[] token, int bodyLength) throws IOException {
            if (bodyLength != 0) {
                violations.add("a request that is not sealed");
            }
            try {
                NegotiateAcceptor.Step step = domain.accept(token);
                context = step.context();
                String proof = mischief == Mischief.NO_PROOF
                        ? "oQcwBaADCgEA" // SPNEGO: accepted, and nothing else
                        : Base64.getEncoder().encodeToString(step.answer());
                write("200 OK", "WWW-Authenticate: Negotiate " + proof + "\r\n", new byte[0], false);
            } catch (GSSException e) {
                write("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n", new byte[0], false);
            }
        }

        private boolean answer(byte[] body, String contentType) throws IOException, GSSException {
            if (!contentType.equals(
                    "multipart/encrypted;protocol=\"" + PROTOCOL + "\";boundary=\"Encrypted Boundary\"")) {
                violations.add("content type " + contentType);
            }
            WsManProtocol.Response response = protocol.answer(opened(body));
            byte[] plain = response.body().getBytes(StandardCharsets.UTF_8);
            if (mischief == Mischief.PLAIN) {
                write("200 OK", "Content-Type: application/soap+xml;charset=UTF-8\r\n", plain, true);
                return true;
            }
            byte[] sealed = sealed(plain);
            if (mischief == Mischief.REPLAYED && last != null) {
                sealed = last;
            }
            last = sealed;
            String status = response.status() == 200 ? "200 OK" : response.status() + " Error";
            String type = "Content-Type: " + contentType + "\r\n";
            if (mischief == Mischief.HALF) {
                out.write(("HTTP/1.1 200 OK\r\n" + type + "Content-Length: " + sealed.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(sealed, 0, sealed.length / 2);
                out.flush();
                return false;
            }
            boolean closes = mischief == Mischief.CLOSES;
            write(status, closes ? type + "Connection: close\r\n" : type, sealed, true);
            if (mischief == Mischief.FORGETS) {
                context = null;
            }
            return !closes;
        }

        /** In parts of 1000 bytes where it matters, so that the client must put them together. */
        private void write(String status, String headers, byte[] body, boolean chunked) throws IOException {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length;
            answer.writeBytes(("HTTP/1.1 " + status + "\r\n" + headers + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; chunked && i < body.length; i += 1000) {
                int part = Math.min(1000, body.length - i);
                answer.writeBytes((Integer.toHexString(part) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                answer.write(body, i, part);
                answer.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            answer.writeBytes(chunked ? "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII) : body);
            answer.writeTo(out);
            out.flush();
        }

        /** Holds the client to the bytes that Windows reads. */
        private byte[] opened(byte[] body) throws GSSException {
            String text = new String(body, StandardCharsets.ISO_8859_1);
            String lengthAt = ";Length=";
            int number = text.indexOf(lengthAt) + lengthAt.length();
            int length = Integer.parseInt(text.substring(number, text.indexOf("\r\n", number)));
            String head = BOUNDARY + "\tContent-Type: " + PROTOCOL
                    + "\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=" + length + "\r\n"
                    + BOUNDARY
                    + "\tContent-Type: application/octet-stream\r\n";
            ByteBuffer sealed = ByteBuffer.wrap(body, head.length(), body.length - head.length())
                    .order(ByteOrder.LITTLE_ENDIAN);
            int signature = sealed.getInt();
            int start = sealed.position();
            sealed.order(ByteOrder.BIG_ENDIAN);
            if (!text.startsWith(head) || !text.endsWith("--Encrypted Boundary--\r\n")) {
                violations.add("parts of a sealed message: " + text.substring(0, Math.min(400, text.length())));
            }
            if (signature != SIGNATURE || sealed.getShort(start + 4) != 0 || sealed.getShort(start + 6) != 28) {
                violations.add("signature of " + signature + " bytes, EC " + sealed.getShort(start + 4) + ", RRC "
                        + sealed.getShort(start + 6));
            }
            MessageProp found = new MessageProp(0, false);
            byte[] plain = context.unwrap(body, start, signature + length, found);
            if (plain.length != length || !found.getPrivacy()) {
                violations.add("a text of " + plain.length + " bytes, said to have " + length);
            }
            return plain;
        }

        private byte[] sealed(byte[] plain) throws GSSException {
            byte[] token = context.wrap(plain, 0, plain.length, new MessageProp(0, true));
            ByteBuffer rotated = ByteBuffer.allocate(token.length);
            rotated.put(token, 0, 16).put(token, token.length - 28, 28).put(token, 16, token.length - 44);
            rotated.putShort(6, (short) 28);
            if (mischief == Mischief.FLIPPED) {
                rotated.put(token.length - 5, (byte) (rotated.get(token.length - 5) ^ 1));
            }
            int said = mischief == Mischief.LENGTH ? plain.length - 1 : plain.length;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes((BOUNDARY + "Content-Type: " + PROTOCOL
                            + "\r\nOriginalContent: type=application/soap+xml;charset=UTF-8;Length=" + said + "\r\n"
                            + BOUNDARY + "Content-Type: application/octet-stream\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(SIGNATURE)
                    .array());
            body.writeBytes(rotated.array());
            body.writeBytes("--Encrypted Boundary--\r\n".getBytes(StandardCharsets.US_ASCII));
            return body.toByteArray();
        }
    }
}
