package io.varve.adapters.vss.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.adapters.vss.message.Reply.FileSpec;
import io.varve.adapters.vss.message.Reply.Machine;
import io.varve.adapters.vss.message.Reply.ShadowVolume;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final Machine MACHINE = new Machine(
            UUID.randomUUID(),
            "Online\\wéb & 1",
            List.of(new FileSpec("D:\\vm\\", "*.vhdx", true), new FileSpec("C:\\", "a b.vmcx", false)));

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    private static byte[] bytes(Reply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Wire.write(reply, new DataOutputStream(out));
        return out.toByteArray();
    }

    @Test
    void everyRequestArrivesAsItWasSent() throws IOException {
        List<Request> all = List.of(
                new Request.ListMachines(),
                new Request.Freeze(UUID.randomUUID(), true, 1800),
                new Request.Check(),
                new Request.Finish(),
                new Request.Abandon());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Request request : all) {
            Wire.write(request, new DataOutputStream(out));
        }
        DataInputStream in = in(out.toByteArray());
        for (Request request : all) {
            assertEquals(Optional.of(request), Wire.readRequest(in));
        }
        assertEquals(Optional.empty(), Wire.readRequest(in));
    }

    @Test
    void everyReplyArrivesAsItWasSentAndNeverInPart() throws IOException {
        List<Reply> all = List.of(
                new Reply.Working("DoSnapshotSet"),
                new Reply.Notice("text\nof two lines"),
                new Reply.Machines(List.of(MACHINE, new Machine(UUID.randomUUID(), "", List.of()))),
                new Reply.Frozen(MACHINE, List.of(new ShadowVolume("C:\\", "\\\\?\\GLOBALROOT\\Device\\X"))),
                new Reply.Intact(),
                new Reply.Finished(),
                new Reply.Failed("reason"));
        for (Reply reply : all) {
            byte[] bytes = bytes(reply);
            assertEquals(reply, Wire.readReply(in(bytes)));
            for (int length = 0; length < bytes.length; length++) {
                byte[] part = Arrays.copyOf(bytes, length);
                assertThrows(EOFException.class, () -> Wire.readReply(in(part)), reply + " cut to " + part.length);
            }
        }
    }

    @Test
    void nonsenseIsRefusedBeforeMemoryIsTaken() {
        assertThrows(IOException.class, () -> Wire.readReply(in("hello".getBytes(StandardCharsets.US_ASCII))));
        assertThrows(IOException.class, () -> Wire.readReply(in(new byte[] {'x', 127, 0, 0, 0})));
        assertThrows(IOException.class, () -> Wire.readReply(in(new byte[] {'m', -1, 0, 0, 0})));
        assertThrows(IOException.class, () -> Wire.readRequest(in("?".getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void captions() {
        assertEquals(Freezing.ONLINE, MACHINE.freezing());
        assertEquals("wéb & 1", MACHINE.displayName());
        assertEquals(Freezing.SAVED_STATE, Freezing.of("Backup Using Saved State\\x"));
        assertEquals(Freezing.SAVED_STATE, Freezing.of("OFFLINE\\x"));
        assertEquals(Freezing.UNKNOWN, Freezing.of("Online"));
        assertEquals(Freezing.UNKNOWN, Freezing.of("\\Online"));
        assertEquals(Freezing.UNKNOWN, Freezing.of(""));
    }
}
