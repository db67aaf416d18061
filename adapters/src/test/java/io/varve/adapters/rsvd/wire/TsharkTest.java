package io.varve.adapters.rsvd.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.smb.wire.AllocatedRanges;
import io.varve.adapters.smb.wire.Command;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.CreateContext;
import io.varve.adapters.smb.wire.FileId;
import io.varve.adapters.smb.wire.FolderEntry;
import io.varve.adapters.smb.wire.Info;
import io.varve.adapters.smb.wire.Ioctl;
import io.varve.adapters.smb.wire.LeaseBreak;
import io.varve.adapters.smb.wire.OpenFile;
import io.varve.adapters.smb.wire.Request;
import io.varve.adapters.smb.wire.SetInfo;
import io.varve.adapters.smb.wire.TreeConnect;
import io.varve.adapters.smb.wire.ValidateNegotiate;
import io.varve.engine.range.Range;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every request that is encoded here, judged by Wireshark. Of two kinds it decodes the header alone: changes of a disk
 * between snapshots, and the parameters of change tracking.
 */
class TsharkTest {
    private static final FileId FILE = new FileId(0x1122334455667788L, 0x99AABBCCDDEEFF00L);
    private static final String FILE_ID = "File Id: 55667788-3344-1122-00ff-eeddccbbaa99";
    private static final UUID ONE = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");
    private static final UUID TWO = UUID.fromString("11121314-1516-1718-191a-1b1c1d1e1f20");

    @TempDir
    private Path folder;

    /** A request, and what Wireshark must say of it. */
    private record Judged(Request request, List<String> says) {
        static Judged of(Request request, String... says) {
            return new Judged(request, List.of(says));
        }
    }

    private static Judged tunnel(Operation operation, byte[] payload, String... says) {
        byte[] input = Tunnel.request(operation, 0x7700000001L, payload);
        List<String> all = new ArrayList<>(List.of(says));
        all.add(String.format("(0x%08x)", operation.code()));
        return new Judged(Ioctl.request(operation.control(), FILE, input, 4096), all);
    }

    private static Create create(CreateContext... contexts) {
        return new Create("vm\\disk.vhds", 0x00020083, 7, Create.OPEN, Create.UNBUFFERED, 0, List.of(contexts));
    }

    private static List<Judged> requests() {
        byte[] cdb = new byte[10];
        cdb[0] = 0x25;
        List<Judged> all = new ArrayList<>(ofShares());
        all.addAll(ofOpens());
        all.addAll(ofWriting());
        all.addAll(List.of(
                Judged.of(
                        Ioctl.request(Operation.QUERY_SUPPORT, FILE, new byte[0], 4096),
                        "FSCTL_QUERY_SHARED_VIRTUAL_DISK_SUPPORT"),
                tunnel(Operation.INITIAL_INFO, new byte[0], "GET_INITIAL_INFO Request"),
                tunnel(Operation.CHECK_CONNECTION, new byte[0], "CHECK_CONNECTION_STATUS Request"),
                tunnel(Operation.SCSI, Scsi.request(cdb, 8), "SCSI Request", "CDBLength: 10", "Read Capacity(10)"),
                tunnel(Operation.SRB_STATUS, Scsi.senseRequest(3), "SRB_STATUS_REQUEST", "StatusKey: 3"),
                tunnel(Operation.DISK_INFO, DiskInfo.request(), "GET_DISK_INFO_REQUEST", "FileSize: 0"),
                tunnel(Operation.VALIDATE_DISK, DiskInfo.request(), "VALIDATE_DISK_REQUEST"),
                tunnel(
                        Operation.META_START,
                        Snapshots.initialize(ONE, TWO),
                        "TransactionId: " + ONE,
                        "SvhdxMetaOperationTypeCreateSnapshot",
                        "SvhdxSnapshotTypeVM",
                        "SVHDX_SNAPSHOT_DISK_FLAG_ENABLE_CHANGE_TRACKING: True",
                        "Stage1: SvhdxSnapshotStageInitialize",
                        "Stage2: SvhdxSnapshotStageInvalid",
                        "SnapshotId: " + TWO),
                tunnel(
                        Operation.META_START,
                        Snapshots.complete(ONE, TWO),
                        "TransactionId: " + ONE,
                        "SVHDX_SNAPSHOT_DISK_FLAG_ENABLE_CHANGE_TRACKING: False",
                        "Stage1: SvhdxSnapshotStageBlockIO",
                        "Stage2: SvhdxSnapshotStageSwitchObjectStore",
                        "Stage3: SvhdxSnapshotStageUnblockIO",
                        "Stage4: SvhdxSnapshotStageFinalize",
                        "SnapshotId: " + TWO),
                tunnel(Operation.META_PROGRESS, Snapshots.progress(ONE), "QUERY_PROGRESS_REQUEST", "" + ONE),
                tunnel(Operation.SET_QUERY, Snapshots.list(), "InformationTypeSnapshotList", "SvhdxSnapshotTypeVM"),
                tunnel(Operation.SET_QUERY, Snapshots.entry(TWO), "InformationTypeSnapshotEntry", "" + TWO),
                tunnel(Operation.DELETE_SNAPSHOT, Snapshots.delete(TWO, true), "" + TWO, "PersistReference: True"),
                tunnel(Operation.DELETE_SNAPSHOT, Snapshots.delete(TWO, false), "PersistReference: False"),
                tunnel(Operation.TRACKING_PARAMETERS, new byte[0], "CHANGE_TRACKING_GET_PARAMETERS Request"),
                tunnel(
                        Operation.QUERY_CHANGES,
                        DiskChanges.request(TWO, ONE, 4096, 1 << 20),
                        "QUERY_VIRTUAL_DISK_CHANGES Request"),
                tunnel(Operation.SAFE_SIZE, new byte[0], "QUERY_SAFE_SIZE Request")));
        return all;
    }

    private static List<Judged> ofShares() {
        return List.of(
                Judged.of(TreeConnect.request("\\\\nas\\vm"), "Tree Connect Request (0x03)", "Tree: \\\\nas\\vm"),
                Judged.of(OpenFile.close(FILE), "Close Request (0x06)", FILE_ID),
                Judged.of(
                        OpenFile.read(FILE, 1 << 20, 1 << 20, 5),
                        "Credit Charge: 16",
                        "Read Length: 1048576",
                        "File Offset: 1048576",
                        FILE_ID,
                        "Min Count: 5"),
                Judged.of(
                        FolderEntry.request(FILE, "disk*", 65536),
                        "Find Request (0x0e)",
                        "SMB2_FIND_ID_BOTH_DIRECTORY_INFO",
                        "Search Pattern: disk*",
                        "Output Buffer Length: 65536"),
                Judged.of(Info.facts(FILE), "SMB2_FILE_NETWORK_OPEN_INFO", "Max Response Size: 56", FILE_ID),
                Judged.of(Info.space(FILE), "FileFsFullSizeInformation", "Max Response Size: 32", FILE_ID),
                Judged.of(
                        new LeaseBreak(ONE, 1).consent(),
                        "Lease Break Acknowledgment (0x12)",
                        "Lease Key: 05060708-0304-0102-100f-0e0d0c0b0a09",
                        "Lease State: 0x00000001, Read Caching"),
                Judged.of(
                        Ioctl.request(
                                Ioctl.QUERY_ALLOCATED_RANGES,
                                FILE,
                                AllocatedRanges.input(new Range(4096, 8192)),
                                AllocatedRanges.length(4096)),
                        "FSCTL_QUERY_ALLOCATED_RANGES",
                        "Max Ioctl Out Size: 65536",
                        "File Offset: 4096",
                        "Length: 8192"),
                Judged.of(
                        Ioctl.request(
                                Ioctl.VALIDATE_NEGOTIATE_INFO,
                                Ioctl.NO_FILE,
                                ValidateNegotiate.input(0x7F, new byte[16], 1, new int[] {0x302, 0x311}),
                                ValidateNegotiate.LENGTH),
                        "FSCTL_VALIDATE_NEGOTIATE_INFO",
                        "Security mode: 0x01, Signing enabled",
                        "Dialect: SMB 3.0.2 (0x0302)",
                        "Dialect: SMB 3.1.1 (0x0311)"));
    }

    private static List<Judged> ofWriting() {
        return List.of(
                Judged.of(
                        OpenFile.write(FILE, 1 << 20, ByteBuffer.wrap(new byte[4096], 96, 4000)),
                        "Write Request (0x09)",
                        "Data Offset: 0x0070",
                        "Write Length: 4000",
                        "File Offset: 1048576",
                        FILE_ID),
                Judged.of(OpenFile.flush(FILE), "Flush Request (0x07)", FILE_ID),
                Judged.of(SetInfo.length(FILE, 12345), "SMB2_FILE_ENDOFFILE_INFO", "12345", FILE_ID),
                Judged.of(
                        SetInfo.rename(FILE, "vm\\disk.vhdx", true),
                        "SMB2_FILE_RENAME_INFO",
                        "Replace If: Replace the target if it exists",
                        "Filename: vm\\disk.vhdx"),
                Judged.of(SetInfo.delete(FILE), "SMB2_FILE_DISPOSITION_INFO"),
                Judged.of(Ioctl.request(Ioctl.SET_SPARSE, FILE, new byte[0], 0), "FSCTL_SET_SPARSE"),
                Judged.of(Ioctl.request(Ioctl.SET_ZERO_DATA, FILE, new byte[16], 0), "FSCTL_SET_ZERO_DATA"));
    }

    private static List<Judged> ofOpens() {
        Create leased = new Create("vm\\disk.vhdx", 0x80, 1, Create.OPEN, Create.NOT_FOLDER, Create.LEASE, List.of());
        return List.of(
                Judged.of(
                        create().request(),
                        "Create Request (0x05)",
                        "Filename: vm\\disk.vhds",
                        "Access Mask: 0x00020083",
                        "Share Access: 0x00000007, Read, Write, Delete",
                        "Create Options: 0x00000008"),
                Judged.of(
                        leased.with(CreateContext.of(CreateContext.QUERY_ON_DISK_ID, new byte[0]))
                                .with(CreateContext.durable(ONE, true))
                                .with(CreateContext.lease(TWO))
                                .request(),
                        "Oplock: Lease (0xff)",
                        "Tag: QFid",
                        "DH2Q Request",
                        "Flags: 0x00000002, Persistent Handle",
                        "LEASE_V1",
                        "Lease State: 0x00000003, Read Caching, Handle Caching"),
                Judged.of(create(CreateContext.reconnect(FILE, ONE, true)).request(), "DH2C Request", FILE_ID),
                Judged.of(
                        create(new OpenContext(1, ONE, 0x77L << 32, "CLIENT01").encode())
                                .request(),
                        "SVHDX OPEN DEVICE CONTEXT",
                        "Version: 1",
                        "InitiatorId: " + ONE,
                        "OpenRequestId: 0x0000007700000000"),
                Judged.of(
                        create(new OpenContext(2, ONE, 0x77L << 32, "CLIENT01").encode())
                                .request(),
                        "Version: 2",
                        "Has an initiator id",
                        "HostNameLength: 16",
                        "VirtualDiskPropertiesInitialized: False"),
                Judged.of(
                        create(AtSnapshot.encode(TWO)).request(),
                        "Tag: ExtA",
                        "EA: RSVD_TARGET_SPECIFIER_EA := 00000000010000001413121116151817191a1b1c1d1e1f20"));
    }

    static void need() {
        boolean here = Stream.of("/usr/bin/tshark", "/usr/local/bin/tshark")
                .anyMatch(program -> Files.isExecutable(Path.of(program)));
        if (!here && System.getenv("CI") != null) {
            throw new AssertionError("CI needs tshark: apt-get install tshark");
        }
        Assumptions.assumeTrue(here, "skipped: tshark is not installed");
    }

    /** A message with its header, and the length before it that TCP has. */
    private static byte[] framed(Request request, int number) {
        ByteBuffer body = request.body().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer message =
                ByteBuffer.allocate(4 + Request.HEADER + body.limit()).order(ByteOrder.LITTLE_ENDIAN);
        message.order(ByteOrder.BIG_ENDIAN).putInt(Request.HEADER + body.limit());
        message.order(ByteOrder.LITTLE_ENDIAN).putInt(0x424D53FE).putShort((short) Request.HEADER);
        message.putShort((short) request.charge()).putInt(0);
        message.putShort((short) request.command().code())
                .putShort((short) 1)
                .putInt(0)
                .putInt(0);
        message.putLong(number).putInt(0xFEFF).putInt(5).putLong(0x77);
        message.position(4 + Request.HEADER);
        message.put(body);
        return message.array();
    }

    /** A capture file of IPv4 packets from a client to port 445. */
    private static byte[] capture(List<byte[]> messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(1 << 18)
                .putInt(101);
        all.writeBytes(head.array());
        int sequence = 1;
        for (byte[] message : messages) {
            int length = 40 + message.length;
            ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            all.writeBytes(record.putLong(0).putInt(length).putInt(length).array());
            ByteBuffer packet = ByteBuffer.allocate(length);
            packet.putShort((short) 0x4500).putShort((short) length).putInt(0).putInt(0x4006_0000);
            packet.putInt(0x0A000001).putInt(0x0A000002);
            packet.putShort((short) 50000)
                    .putShort((short) 445)
                    .putInt(sequence)
                    .putInt(1);
            packet.putInt(0x5018_FFFF).putInt(0).put(message);
            all.writeBytes(packet.array());
            sequence += message.length;
        }
        return all.toByteArray();
    }

    private List<String> judge(List<Judged> requests) throws IOException, InterruptedException {
        List<byte[]> messages = new ArrayList<>();
        for (Judged judged : requests) {
            messages.add(framed(judged.request(), messages.size()));
        }
        Path file = Files.write(folder.resolve("requests.pcap"), capture(messages));
        Process tshark = new ProcessBuilder("tshark", "-n", "-V", "-r", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tshark.waitFor(), said);
        List<String> frames = new ArrayList<>(List.of(said.split("(?m)^Frame \\d+: ")));
        frames.remove(0);
        return frames;
    }

    /** Commands and operations that are in no request. */
    private static List<Object> missing() {
        List<Object> missing = new ArrayList<>(List.of(Command.values()));
        missing.addAll(List.of(Operation.values()));
        for (Judged judged : requests()) {
            missing.remove(judged.request().command());
            ByteBuffer body = judged.request().body();
            if (judged.request().command() == Command.IOCTL && body.limit() >= 72) {
                int code = body.getInt(56);
                missing.removeIf(one -> one instanceof Operation operation && operation.code() == code);
            }
        }
        return missing;
    }

    @Test
    void everyRequestIsWhatItShouldBe() throws Exception {
        need();
        assertEquals(List.of(), missing(), "requests that nobody judges");
        List<Judged> requests = requests();
        List<String> frames = judge(requests);
        assertEquals(requests.size(), frames.size());
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            String frame = frames.get(i);
            for (String say : requests.get(i).says()) {
                if (!frame.contains(say)) {
                    faults.add("not '" + say + "' in:\n" + frame);
                }
            }
            assertFalse(frame.contains("Malformed"), frame);
            assertFalse(frame.contains("Expert Info (Error"), frame);
        }
        assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
    }
}
