package io.varve.adapters.rsvd.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.rct.ChangePage;
import io.varve.adapters.smb.wire.BadReplyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Messages of which no traffic was ever published: by the specification's layouts, written out by hand. */
class LayoutTest {
    private static final UUID ONE = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");
    private static final UUID TWO = UUID.fromString("11121314-1516-1718-191a-1b1c1d1e1f20");
    private static final String ONE_HEX = "0403020106050807090a0b0c0d0e0f10";
    private static final String TWO_HEX = "1413121116151817191a1b1c1d1e1f20";

    private static byte[] hex(String... fields) {
        return HexFormat.of().parseHex(String.join("", fields));
    }

    private static String zeros(int bytes) {
        return "00".repeat(bytes);
    }

    @Test
    void aSnapshotIsTakenInTwoParts() {
        String first = "01000000" + zeros(20);
        assertArrayEquals(
                hex(ONE_HEX, "01000000", zeros(4), "01000000", "01000000", first, TWO_HEX, zeros(4), zeros(24)),
                Snapshots.initialize(ONE, TWO));
        String rest = "02000000030000000400000005000000" + zeros(8);
        assertArrayEquals(
                hex(ONE_HEX, "01000000", zeros(4), "01000000", zeros(4), rest, TWO_HEX, zeros(4), zeros(24)),
                Snapshots.complete(ONE, TWO));
        // With the header this is more than the 92 bytes that a server wants.
        assertEquals(116, Tunnel.request(Operation.META_START, 1, Snapshots.complete(ONE, TWO)).length);
        assertEquals(0x0009_0364, Operation.META_START.control());
        assertEquals(0x0009_0304, Operation.SET_QUERY.control());
        assertEquals(2, Operation.META_START.version());
        assertEquals(1, Operation.DISK_INFO.version());
    }

    @Test
    void theListSaysHowMuchRoomItNeeds() throws IOException {
        assertArrayEquals(hex("02000000", "01000000", zeros(16)), Snapshots.list());
        byte[] tooSmall = hex("02000000", "deadbeef", "00", zeros(3), "02000000");
        assertEquals(
                new Snapshots.Listed(List.of(), OptionalInt.of(64)), Snapshots.decodeList(ByteBuffer.wrap(tooSmall)));
        byte[] all = hex("02000000", "deadbeef", "01", zeros(3), "02000000", ONE_HEX, TWO_HEX);
        assertEquals(
                new Snapshots.Listed(List.of(ONE, TWO), OptionalInt.empty()),
                Snapshots.decodeList(ByteBuffer.wrap(all)));
        byte[] cut = Arrays.copyOf(all, all.length - 1);
        assertThrows(BadReplyException.class, () -> Snapshots.decodeList(ByteBuffer.wrap(cut)));
        byte[] endless = hex("02000000", zeros(4), "00", zeros(3), "ffffff7f");
        assertThrows(BadReplyException.class, () -> Snapshots.decodeList(ByteBuffer.wrap(endless)));
    }

    @Test
    void anEntryIsThatOfTheSnapshotAskedAbout() throws IOException {
        assertArrayEquals(hex("05000000", "01000000", ONE_HEX), Snapshots.entry(ONE));
        byte[] entry = hex("05000000", zeros(4), zeros(8), "01000000", "01000000", ONE_HEX, zeros(16), zeros(16));
        assertEquals(new Snapshots.Entry(ONE, true, true), Snapshots.decodeEntry(ONE, ByteBuffer.wrap(entry)));
        assertThrows(BadReplyException.class, () -> Snapshots.decodeEntry(TWO, ByteBuffer.wrap(entry)));
        entry[20] = 0;
        entry[16] = 3;
        assertEquals(new Snapshots.Entry(ONE, false, false), Snapshots.decodeEntry(ONE, ByteBuffer.wrap(entry)));
    }

    @Test
    void deletingMayKeepTheReference() {
        assertArrayEquals(hex(ONE_HEX, "01000000", "01000000"), Snapshots.delete(ONE, true));
        assertArrayEquals(hex(ONE_HEX, "00000000", "01000000"), Snapshots.delete(ONE, false));
    }

    @Test
    void progressIsCompleteWhenBothNumbersAreEqual() throws IOException {
        assertArrayEquals(hex(ONE_HEX), Snapshots.progress(ONE));
        assertTrue(Snapshots.isComplete(ByteBuffer.wrap(hex("0500000000000000", "0500000000000000"))));
        assertFalse(Snapshots.isComplete(ByteBuffer.wrap(hex("0400000000000000", "0500000000000000"))));
    }

    @Test
    void changesBetweenTwoSnapshots() throws IOException {
        assertArrayEquals(
                hex(ONE_HEX, TWO_HEX, "01000000", zeros(4), "0010000000000000", "0000020000000000"),
                DiskChanges.request(ONE, TWO, 4096, 131072));
        byte[] answer = hex("0000010000000000", "02000000", zeros(4)).clone();
        ByteBuffer all =
                ByteBuffer.allocate(16 + 48).order(ByteOrder.LITTLE_ENDIAN).put(answer);
        all.putLong(4096).putLong(512).putLong(0).putLong(8192).putLong(4096).putLong(0);
        assertEquals(
                new ChangePage(List.of(new ChangePage.Told(4096, 512), new ChangePage.Told(8192, 4096)), 65536),
                DiskChanges.decode(all.flip()));
        ByteBuffer cut = all.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(16 + 47);
        assertThrows(BadReplyException.class, () -> DiskChanges.decode(cut));
    }

    @Test
    void anOpenAtASnapshotSaysSoInAnAttribute() {
        assertTrue(AtSnapshot.encode(ONE).isNamed("ExtA"));
        assertArrayEquals(
                hex(
                        zeros(4),
                        "80",
                        "18",
                        "1800",
                        HexFormat.of().formatHex("RSVD_TARGET_SPECIFIER_EA\0".getBytes(StandardCharsets.US_ASCII)),
                        zeros(4),
                        "01000000",
                        ONE_HEX),
                AtSnapshot.encode(ONE).data());
    }

    @Test
    void anAnswerToAnotherRequestIsRefused() {
        byte[] answer = Tunnel.request(Operation.DISK_INFO, 7, new byte[56]);
        assertThrows(BadReplyException.class, () -> Tunnel.decode(Operation.DISK_INFO, 8, ByteBuffer.wrap(answer)));
        assertThrows(BadReplyException.class, () -> Tunnel.decode(Operation.INITIAL_INFO, 7, ByteBuffer.wrap(answer)));
        assertThrows(
                BadReplyException.class, () -> Tunnel.decode(Operation.DISK_INFO, 7, ByteBuffer.wrap(answer, 0, 15)));
    }

    @Test
    void supportAndSoundness() throws IOException {
        assertEquals(new DiskInfo.Support(true, true), DiskInfo.support(ByteBuffer.wrap(hex("07000000", "03000000"))));
        assertEquals(
                new DiskInfo.Support(false, false), DiskInfo.support(ByteBuffer.wrap(hex("01000000", "01000000"))));
        assertTrue(DiskInfo.isValid(ByteBuffer.wrap(hex("01"))));
        assertFalse(DiskInfo.isValid(ByteBuffer.wrap(hex("00"))));
    }

    @Test
    void theSenseOfAStoredErrorIsAskedForByItsKey() throws IOException {
        assertArrayEquals(hex("2a", zeros(27)), Scsi.senseRequest(0x2A));
        byte[] answer = hex("2a", "82", "02", "14", "f0000000", "0000000a", zeros(12));
        Scsi.Sense sense = Scsi.decodeSense(0x2A, ByteBuffer.wrap(answer));
        assertEquals("SRB status 02, SCSI status 02, sense 0/00/00", sense.text());
        assertThrows(BadReplyException.class, () -> Scsi.decodeSense(0x2B, ByteBuffer.wrap(answer)));
    }

    /** Any bytes give a value or a clear refusal, never another exception. */
    @Test
    void decodersAreTotal() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(220)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(3) > 0) {
                    bytes[i] = (byte) random.nextInt(3); // small numbers get further
                }
            }
            for (Decoder decoder : DECODERS) {
                try {
                    decoder.decode(ByteBuffer.wrap(bytes));
                } catch (BadReplyException e) {
                    assertTrue(e.getMessage().contains("expected"), e.getMessage());
                } catch (RuntimeException e) {
                    throw new AssertionError(
                            "seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Decoder {
        Object decode(ByteBuffer bytes) throws IOException;
    }

    private static final List<Decoder> DECODERS = List.of(
            DiskInfo::initial,
            DiskInfo::facts,
            DiskInfo::isValid,
            DiskInfo::support,
            Snapshots::decodeList,
            bytes -> Snapshots.decodeEntry(ONE, bytes),
            Snapshots::isComplete,
            Snapshots::trackingStatus,
            DiskChanges::decode,
            bytes -> Scsi.decode(512, bytes),
            bytes -> Scsi.decodeSense(bytes.hasRemaining() ? bytes.get(0) : 0, bytes),
            bytes -> Tunnel.decode(Operation.DISK_INFO, 0, bytes),
            bytes -> OpenContext.decode(List.of(new io.varve.adapters.smb.wire.CreateContext(
                    HexFormat.of().parseHex("9CCBCF9E04C1E643980E158DA1F6EC83"), bytes.array()))));
}
