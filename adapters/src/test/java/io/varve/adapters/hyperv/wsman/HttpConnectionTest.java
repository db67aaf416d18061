package io.varve.adapters.hyperv.wsman;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
    private static final int LARGEST = 1000;
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /** Sends what a server says, in pieces, and keeps the connection open afterwards or not. */
    private static HttpAnswer answer(String said, boolean closes) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpConnection connection = HttpConnection.open(
                        new HostAddress(false, "localhost", listener.getLocalPort()), Duration.ofSeconds(1), LARGEST);
                Socket server = listener.accept()) {
            server.setTcpNoDelay(true);
            for (byte one : said.getBytes(StandardCharsets.ISO_8859_1)) {
                server.getOutputStream().write(one);
            }
            if (closes) {
                server.shutdownOutput();
            }
            return connection.post(Map.of("A", "b"), new byte[] {1, 2});
        }
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), StandardCharsets.ISO_8859_1);
    }

    private static void assertRefused(String said, String words) {
        String message =
                assertThrows(IOException.class, () -> answer(said, true)).getMessage();
        assertTrue(message.contains(words) && message.contains("http://localhost"), message);
    }

    @Test
    void bodiesEndByLengthByPartsOrWithTheConnection() throws IOException {
        HttpAnswer byLength = answer(OK + "Content-LENGTH: 3\r\nX: 1\r\nx:2\r\n\r\nabc", false);
        assertEquals("abc", text(byLength));
        assertEquals(2, byLength.all("x").size());
        assertTrue(byLength.keepsOpen());
        HttpAnswer byParts =
                answer(OK + "Transfer-Encoding: Chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\nT: t\r\n\r\n", false);
        assertEquals("abc", text(byParts));
        HttpAnswer rest = answer(OK + "\r\nabc", true);
        assertEquals("abc", text(rest));
        assertFalse(rest.keepsOpen());
        assertArrayEquals(
                new byte[0], answer("HTTP/1.1 204 No Content\r\n\r\n", false).body());
    }

    @Test
    void interimAnswersAreSkipped() throws IOException {
        HttpAnswer answer = answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", false);
        assertEquals(500, answer.status());
        assertRefused("HTTP/1.1 100 Continue\r\n\r\n".repeat(11), "interim");
    }

    @Test
    void aHostMayCloseAfterAnAnswer() throws IOException {
        assertFalse(answer(OK + "Connection: x, Close\r\nContent-Length: 0\r\n\r\n", false)
                .keepsOpen());
        assertFalse(
                answer("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false).keepsOpen());
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertRefused(OK + "Content-Length: 1001\r\n\r\n", "more than 1000 bytes");
        assertRefused(OK + "Content-Length: 99999999999\r\n\r\n", "more than 1000 bytes");
        assertRefused(OK + "\r\n" + "x".repeat(1001), "more than 1000 bytes");
        assertRefused(
                OK + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + "x".repeat(1000) + "\r\n1\r\nx\r\n0\r\n\r\n",
                "more than 1000 bytes");
        assertRefused(OK + "X: y\r\n".repeat(300), "headers");
    }

    @Test
    void whatIsNoHttpIsRefused() {
        assertRefused("SSH-2.0-x\r\n", "found 'SSH-2.0-x'");
        assertRefused(OK + "no header\r\n\r\n", "header");
        assertRefused(OK + "Content-Length: -1\r\n\r\n", "length");
        assertRefused(OK + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "several lengths");
        assertRefused(OK + "Transfer-Encoding: gzip\r\n\r\n", "transfer encoding");
        assertRefused(OK + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "length");
        assertRefused(OK + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "longer than it says");
        assertRefused(OK + "Content-Length: 5\r\n\r\nabc", "after 3 of 5 bytes");
        assertRefused("", "the connection ended");
    }

    @Test
    void patienceEndsEvenIfBytesTrickle() {
        String message = assertThrows(IOException.class, () -> answer(OK + "Content-Length: 5\r\n\r\nabc", false))
                .getMessage();
        assertTrue(message.contains("within 1 s"), message);
    }

    @Test
    void aWaitCanBeInterrupted() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> answer(OK, false));
        assertTrue(Thread.interrupted());
    }

    @Test
    void aHostThatDoesNotListenIsSaid() throws IOException {
        HostAddress address;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new HostAddress(false, "localhost", listener.getLocalPort());
        }
        String message = assertThrows(
                        IOException.class, () -> HttpConnection.open(address, Duration.ofSeconds(1), LARGEST))
                .getMessage();
        assertTrue(message.contains("winrm quickconfig"), message);
    }

    @Test
    void addressesAreUnderstood() {
        assertEquals(
                "https://hv1.corp:5986/wsman",
                HostAddress.parse("hv1.corp").uri().toString());
        assertEquals(
                "http://hv1:5985/wsman", HostAddress.parse("http://hv1").uri().toString());
        assertEquals(
                "https://[2001:db8::1]:5986/wsman",
                HostAddress.parse("[2001:db8::1]").uri().toString());
        assertEquals(
                "https://[::1]:443/wsman",
                HostAddress.parse("https://[::1]:443").uri().toString());
        for (String wrong : new String[] {"", "a b", "ftp://a", "a:0", "a:70000", "a:", "a/b", "::1"}) {
            assertThrows(IllegalArgumentException.class, () -> HostAddress.parse(wrong), wrong);
        }
    }
}
