package io.varve.adapters.hyperv.wsman;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.adapters.login.Login;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol, against answers written down here. */
class WsManTest {
    private static final CimPath PATH = CimPath.of("Msvm_X", "InstanceID", "a & b");

    private final Deque<Post.Reply> replies = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();

    private final WsMan client = new WsMan("hv1", new Post() {
        @Override
        public String url() {
            return "https://hv1:5986/wsman";
        }

        @Override
        public Reply send(byte[] message) {
            sent.add(new String(message, StandardCharsets.UTF_8));
            return replies.remove();
        }

        @Override
        public void close() {}
    });

    private void reply(int status, String body) {
        String envelope = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
                + " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:n=\"n\" xmlns:w=\"w\""
                + " xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"p\"><s:Header/><s:Body>" + body
                + "</s:Body></s:Envelope>";
        raw(status, envelope);
    }

    private void raw(int status, String text) {
        replies.add(new Post.Reply(status, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String fault(String code, String subcode) {
        return "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:" + subcode
                + "</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Zugriff\n verweigert</s:Text></s:Reason>"
                + "<s:Detail><p:WSManFault Code=\"" + code + "\"/></s:Detail></s:Fault>";
    }

    @Test
    void valuesArriveAsTheyAre() throws IOException {
        reply(
                200,
                "<p:Msvm_X><p:Null x:nil=\"true\"/><p:Name> a &amp; b </p:Name><p:All>1</p:All><p:All>2</p:All>"
                        + "<p:When><p:Datetime>2026-11-29T00:00:00Z</p:Datetime></p:When><p:Empty/></p:Msvm_X>");
        CimFields fields = client.find(PATH).orElseThrow().fields();
        assertEquals(Optional.empty(), fields.find("Null"));
        assertEquals(" a & b ", fields.text("Name"));
        assertEquals(List.of(1L, 2L), fields.numbers("All"));
        assertEquals("2026-11-29T00:00:00Z", fields.text("When"));
        assertEquals("", fields.text("Empty"));
        assertTrue(sent.get(0).contains("<w:Selector Name=\"InstanceID\">a &amp; b</w:Selector>"), sent.get(0));
    }

    @Test
    void enumerationsAreReadToTheirEnd() throws IOException {
        String item = "<w:Item><p:Msvm_X><p:N>%d</p:N></p:Msvm_X><a:EndpointReference><a:ReferenceParameters>"
                + "<w:ResourceURI>http://x/Msvm_X</w:ResourceURI><w:SelectorSet><w:Selector Name=\"InstanceID\">%<d"
                + "</w:Selector></w:SelectorSet></a:ReferenceParameters></a:EndpointReference></w:Item>";
        reply(
                200,
                "<n:EnumerateResponse><n:EnumerationContext>c1</n:EnumerationContext><w:Items>" + String.format(item, 1)
                        + "</w:Items></n:EnumerateResponse>");
        reply(500, fault("2150858793", "TimedOut")); // the host needs more time
        reply(
                200,
                "<n:PullResponse><n:Items>" + String.format(item, 2) + "</n:Items><n:EndOfSequence/></n:PullResponse>");
        assertEquals(
                List.of("1", "2"),
                client.query("SELECT * FROM Msvm_X").stream()
                        .map(object -> object.path().key("InstanceID"))
                        .toList());
        assertTrue(sent.get(2).contains("<n:EnumerationContext>c1</n:EnumerationContext>"), sent.get(2));
    }

    @Test
    void anEnumerationThatNeitherEndsNorGoesOnIsRefused() {
        reply(200, "<n:EnumerateResponse><w:Items/></n:EnumerateResponse>");
        assertThrows(CimException.class, () -> client.query("SELECT * FROM Msvm_X"));
    }

    @ParameterizedTest
    @CsvSource({
        "2147942405, AccessDenied, DENIED",
        "5, InternalError, DENIED",
        "0, AccessDenied, DENIED",
        "2150858793, TimedOut, TIMED_OUT",
        "2147749890, InternalError, NOT_FOUND",
        "2150858752, DestinationUnreachable, NOT_FOUND",
        "2150858824, EncodingLimit, TOO_LARGE",
        "2150858825, InternalError, TOO_LARGE",
        "2150859174, InternalError, UNAVAILABLE",
        "0, QuotaLimit, UNAVAILABLE",
        "2147944122, InternalError, UNAVAILABLE",
        "2147749889, InternalError, FAULT",
        "-2147024891, InternalError, DENIED",
        "x, InternalError, FAULT"
    })
    void faultsAreToldApartByNumber(String code, String subcode, CimException.Kind kind) {
        reply(500, fault(code, subcode));
        CimException fault = assertThrows(CimException.class, () -> client.invoke(PATH, "Do", CimFields.NONE));
        assertEquals(kind, fault.kind(), fault.getMessage());
        assertTrue(fault.getMessage().startsWith("hv1: Msvm_X.Do: "), fault.getMessage());
        assertTrue(fault.getMessage().contains("Zugriff verweigert"), fault.getMessage());
    }

    @Test
    void anObjectThatIsGoneIsNone() throws IOException {
        reply(500, fault("2147749890", "InternalError"));
        assertEquals(Optional.empty(), client.find(PATH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><body>Bad gateway</body></html>", "", "{}", "<s:Envelope xmlns:s=\"x\"/>"})
    void whatIsNoSoapIsSaid(String body) {
        raw(500, body);
        CimException answer = assertThrows(CimException.class, () -> client.find(PATH));
        assertEquals(CimException.Kind.ANSWER, answer.kind());
        assertTrue(answer.getMessage().contains("500"), answer.getMessage());
    }

    @Test
    void aServerWithoutItsServiceIsUnavailable() {
        raw(503, "<html><body>Service unavailable</body></html>");
        CimException answer = assertThrows(CimException.class, () -> client.find(PATH));
        assertEquals(CimException.Kind.UNAVAILABLE, answer.kind());
    }

    @Test
    void theOutputOfAnotherMethodIsRefused() {
        reply(200, "<p:Other_OUTPUT/>");
        assertThrows(CimException.class, () -> client.invoke(PATH, "Do", CimFields.NONE));
    }

    @Test
    void parametersAreWrittenByTheirKind() throws IOException {
        reply(200, "<p:Do_OUTPUT><p:ReturnValue>0</p:ReturnValue></p:Do_OUTPUT>");
        client.invoke(
                PATH,
                "Do",
                CimFields.NONE
                        .with("Text", "<INSTANCE>&</INSTANCE>")
                        .with("Ref", new CimPath("Msvm_Y", Map.of("K", "v")))
                        .withTexts("Array", List.of("1", "2"))
                        .with("Nothing", (String) null));
        String message = sent.get(0);
        assertTrue(message.contains("<p:Text>&lt;INSTANCE&gt;&amp;&lt;/INSTANCE&gt;</p:Text>"), message);
        assertTrue(message.contains("<p:Array>1</p:Array><p:Array>2</p:Array>"), message);
        assertTrue(message.contains("/v2/Msvm_Y</w:ResourceURI><w:SelectorSet><w:Selector Name=\"K\">v<"), message);
        assertFalse(message.contains("Nothing"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ftp://x", "x:123456", "[::1", "x/y", "user@x"})
    void hostsAreNamesAndPorts(String host) {
        assertThrows(IllegalArgumentException.class, () -> WsMan.connect(host, new Login.Ticket(), Trust.standard()));
    }

    @Test
    void addressesOfHosts() {
        for (String host : List.of("hv1", "hv1.example.com", "10.0.0.1", "[::1]")) {
            assertEquals(
                    "https://" + host + ":5986/wsman",
                    HostAddress.parse(host).uri().toString());
        }
        assertEquals("https://hv1:444/wsman", HostAddress.parse("hv1:444").uri().toString());
    }

    @Test
    void anAnswerThatStopsInTheMiddleIsNotWaitedForForEver(@TempDir Path temp) throws Exception {
        StandInHost host = new StandInHost(temp);
        try (WsManServer server = WsManServer.start(host, temp, 0)) {
            server.stall(true);
            Login login = new Login.Basic(WsManServer.USER, WsManServer.PASSWORD.toCharArray());
            Trust trust = Trust.pinned(server.fingerprint());
            HostAddress address = HostAddress.parse(server.address());
            HttpsPost post = new HttpsPost(address, login, trust, Duration.ofSeconds(3));
            byte[] message = Envelope.enumerate(post.url(), "SELECT * FROM Msvm_ComputerSystem");
            IOException stopped = assertTimeoutPreemptively(
                    Duration.ofSeconds(30), () -> assertThrows(IOException.class, () -> post.send(message)));
            assertTrue(stopped.getMessage().contains("no answer"), stopped.getMessage());
            server.stall(false);
        }
    }

    @Test
    void fingerprintsAreSha256() {
        assertThrows(IllegalArgumentException.class, () -> Trust.pinned("ab".repeat(20)));
        assertThrows(IllegalArgumentException.class, () -> Trust.pinned("xy"));
        Trust.pinned("AB:".repeat(31) + "AB");
    }
}
