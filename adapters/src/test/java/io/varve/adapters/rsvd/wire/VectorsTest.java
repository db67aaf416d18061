package io.varve.adapters.rsvd.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.smb.wire.CreateContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Payloads of real traffic between Windows Server 2016 and its clients, from Microsoft's published captures (MIT). */
class VectorsTest {
    private static final long OPEN_ID = 0x445C75D0_00000000L;
    private static final UUID INITIATOR = UUID.fromString("77f4c7c0-4076-40c3-8b38-1cac61515746");

    /** Hex digits, {@code |} between fields, and {@code +N} for so many zero bytes. */
    private static byte[] hex(String text) {
        StringBuilder digits = new StringBuilder();
        for (String field : text.split("\\|")) {
            digits.append(field.startsWith("+") ? "00".repeat(Integer.parseInt(field.substring(1))) : field);
        }
        return HexFormat.of().parseHex(digits);
    }

    private static ByteBuffer payload(Operation operation, long id, String output) throws IOException {
        Tunnel.Answer answer = Tunnel.decode(operation, id, ByteBuffer.wrap(hex(output)));
        assertEquals(0, answer.status());
        return answer.payload();
    }

    private static final String OPEN = "02000000|01|000000|c0c7f4777640c3408b381cac61515746|00000000|01000000"
            + "|00000000d0755c44|1000|43004c00490045004e00540030003100|+110";

    @Test
    void anOpenSaysWhatWindowsSays() {
        CreateContext context = new OpenContext(2, INITIATOR, OPEN_ID, "CLIENT01").encode();
        assertArrayEquals(hex(OPEN + "|+24"), context.data());
        assertTrue(context.isNamed(hex("9CCBCF9E04C1E643980E158DA1F6EC83")));
        assertArrayEquals(
                Arrays.copyOf(hex("01" + OPEN.substring(2)), 168),
                new OpenContext(1, INITIATOR, OPEN_ID, "CLIENT01").encode().data());
        String endless = "n".repeat(200);
        assertEquals(
                126,
                ByteBuffer.wrap(new OpenContext(2, INITIATOR, 1, endless)
                                .encode()
                                .data())
                        .get(40));
    }

    @Test
    void theAnswerToAnOpenNamesTheDisk() throws IOException {
        CreateContext other = CreateContext.of("QFid", new byte[32]);
        CreateContext answer = new CreateContext(
                hex("9CCBCF9E04C1E643980E158DA1F6EC83"),
                hex(OPEN + "|01000000|02000000|00020000|00100000|000000c000000000"));
        OpenContext.Answer opened = OpenContext.decode(List.of(other, answer)).orElseThrow();
        assertEquals(2, opened.version());
        assertEquals(
                new OpenContext.Properties(2, 512, 4096, 3L << 30),
                opened.properties().orElseThrow());
        assertTrue(OpenContext.decode(List.of(other)).isEmpty());
        CreateContext first = new CreateContext(hex("9CCBCF9E04C1E643980E158DA1F6EC83"), hex("01" + OPEN.substring(2)));
        assertEquals(1, OpenContext.decode(List.of(first)).orElseThrow().version());
    }

    @Test
    void initialInfo() throws IOException {
        assertArrayEquals(
                hex("01100002|00000000|01000000d0755c44"),
                Tunnel.request(Operation.INITIAL_INFO, OPEN_ID + 1, new byte[0]));
        String out = "01100002|00000000|01000000d0755c44|02000000|00020000|00100000|00000000|000000c000000000";
        assertEquals(
                new DiskInfo.Initial(2, 512, 4096, 3L << 30),
                DiskInfo.initial(payload(Operation.INITIAL_INFO, OPEN_ID + 1, out)));
    }

    @Test
    void diskInfo() throws IOException {
        long id = 0x30B11F98_00000002L;
        assertArrayEquals(
                hex("05100002|00000000|02000000981fb130|+56"),
                Tunnel.request(Operation.DISK_INFO, id, DiskInfo.request()));
        String out = "05100002|00000000|02000000981fb130|03000000|03000000|00000002|9619a87079f03042ad9d6d695c649fdb"
                + "|01|01|0000|0000400000000000|3defa940f4880f4fba46734079c5c662";
        assertEquals(
                new DiskInfo.Facts(
                        false, true, 32 << 20, 4 << 20, UUID.fromString("40a9ef3d-88f4-4f0f-ba46-734079c5c662")),
                DiskInfo.facts(payload(Operation.DISK_INFO, id, out)));
    }

    /** The area for sense data has its 20 bytes although its length is 0. */
    @Test
    void readCapacity() throws IOException {
        byte[] cdb = new byte[10];
        cdb[0] = 0x25;
        assertArrayEquals(
                hex("02100002|00000000|05000000d0755c44|2400|0000|0a|14|01|00|4a012000|08000000"
                        + "|25000000000000000000000000000000|00000000|0000000000000000"),
                Tunnel.request(Operation.SCSI, OPEN_ID + 5, Scsi.request(cdb, 8)));
        String out = "02100002|00000000|05000000d0755c44|2400|01|00|0a|00|01|00|4a012000|08000000"
                + "|2500000000000000000000000000000000000000|005fffff00000200";
        Scsi.Result result = Scsi.decode(8, payload(Operation.SCSI, OPEN_ID + 5, out));
        assertTrue(result.isGood());
        assertEquals(0x5FFFFF, result.data().getInt(0));
        assertEquals(512, result.data().getInt(4));
    }

    @Test
    void synchronizeCache() throws IOException {
        byte[] cdb = new byte[10];
        cdb[0] = 0x35;
        assertArrayEquals(
                hex("02100002|00000000|10000000d0755c44|2400|0000|0a|14|02|00|0a012000|00000000|35|+15|00000000"),
                Tunnel.request(Operation.SCSI, OPEN_ID + 16, Scsi.request(cdb, 0)));
        String out = "02100002|00000000|10000000d0755c44|2400|01|00|0a|00|02|00|0a012000|00000000|35|+19";
        assertTrue(Scsi.decode(0, payload(Operation.SCSI, OPEN_ID + 16, out)).isGood());
    }

    @Test
    void aRefusedCommandHasItsSense() throws IOException {
        byte[] out = hex("2400|86|02|06|12|01|00|4a012000|c0000000|700005000000000a0000000024000000000000|+1");
        Scsi.Result result = Scsi.decode(192, ByteBuffer.wrap(out));
        assertFalse(result.isGood());
        assertEquals(0, result.data().limit());
        assertEquals(
                "SRB status 06, SCSI status 02, sense 5/24/00", result.sense().text());
    }
}
