package io.varve.adapters.vss.message;

import io.varve.adapters.vss.message.Reply.FileSpec;
import io.varve.adapters.vss.message.Reply.Machine;
import io.varve.adapters.vss.message.Reply.ShadowVolume;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Messages as bytes: a type, then the fields in order; text as its length in bytes and UTF-8, lists as their length and
 * their elements, numbers big-endian. Both sides are always the same build, so there are no versions.
 */
public final class Wire {
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int LONGEST_LIST = 1 << 16;

    private Wire() {}

    /** Writes one request, and flushes. */
    public static void write(Request request, DataOutputStream out) throws IOException {
        if (request instanceof Request.ListMachines) {
            out.writeByte('l');
        } else if (request instanceof Request.Freeze freeze) {
            out.writeByte('f');
            write(freeze.machine(), out);
            out.writeBoolean(freeze.allowSavedState());
            out.writeInt(freeze.deadlineSeconds());
        } else if (request instanceof Request.Check) {
            out.writeByte('c');
        } else if (request instanceof Request.Finish) {
            out.writeByte('d');
        } else {
            out.writeByte('a');
        }
        out.flush();
    }

    /**
     * Reads one request.
     *
     * @return empty at the end of the stream
     */
    public static Optional<Request> readRequest(DataInputStream in) throws IOException {
        int type = in.read();
        return switch (type) {
            case -1 -> Optional.empty();
            case 'l' -> Optional.of(new Request.ListMachines());
            case 'f' -> Optional.of(new Request.Freeze(readId(in), in.readBoolean(), in.readInt()));
            case 'c' -> Optional.of(new Request.Check());
            case 'd' -> Optional.of(new Request.Finish());
            case 'a' -> Optional.of(new Request.Abandon());
            default -> throw unknown(type);
        };
    }

    /** Writes one reply, and flushes. */
    public static void write(Reply reply, DataOutputStream out) throws IOException {
        if (reply instanceof Reply.Working working) {
            out.writeByte('w');
            write(working.step(), out);
        } else if (reply instanceof Reply.Notice notice) {
            out.writeByte('n');
            write(notice.text(), out);
        } else if (reply instanceof Reply.Machines machines) {
            out.writeByte('m');
            out.writeInt(machines.machines().size());
            for (Machine machine : machines.machines()) {
                write(machine, out);
            }
        } else if (reply instanceof Reply.Frozen frozen) {
            out.writeByte('z');
            write(frozen.machine(), out);
            out.writeInt(frozen.volumes().size());
            for (ShadowVolume volume : frozen.volumes()) {
                write(volume.mountPath(), out);
                write(volume.device(), out);
            }
        } else if (reply instanceof Reply.Intact) {
            out.writeByte('i');
        } else if (reply instanceof Reply.Finished) {
            out.writeByte('d');
        } else {
            out.writeByte('x');
            write(((Reply.Failed) reply).reason(), out);
        }
        out.flush();
    }

    /**
     * Reads one reply.
     *
     * @throws EOFException when the stream ends
     */
    public static Reply readReply(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case 'w' -> new Reply.Working(readText(in));
            case 'n' -> new Reply.Notice(readText(in));
            case 'm' -> {
                List<Machine> machines = new ArrayList<>();
                for (int count = readCount(in); count > 0; count--) {
                    machines.add(readMachine(in));
                }
                yield new Reply.Machines(machines);
            }
            case 'z' -> {
                Machine machine = readMachine(in);
                List<ShadowVolume> volumes = new ArrayList<>();
                for (int count = readCount(in); count > 0; count--) {
                    volumes.add(new ShadowVolume(readText(in), readText(in)));
                }
                yield new Reply.Frozen(machine, volumes);
            }
            case 'i' -> new Reply.Intact();
            case 'd' -> new Reply.Finished();
            case 'x' -> new Reply.Failed(readText(in));
            default -> throw unknown(type);
        };
    }

    private static IOException unknown(int type) {
        return new IOException("unknown message type " + type);
    }

    private static void write(Machine machine, DataOutputStream out) throws IOException {
        write(machine.id(), out);
        write(machine.caption(), out);
        out.writeInt(machine.files().size());
        for (FileSpec file : machine.files()) {
            write(file.folder(), out);
            write(file.pattern(), out);
            out.writeBoolean(file.recursive());
        }
    }

    private static Machine readMachine(DataInputStream in) throws IOException {
        UUID id = readId(in);
        String caption = readText(in);
        List<FileSpec> files = new ArrayList<>();
        for (int count = readCount(in); count > 0; count--) {
            files.add(new FileSpec(readText(in), readText(in), in.readBoolean()));
        }
        return new Machine(id, caption, files);
    }

    private static void write(UUID id, DataOutputStream out) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID readId(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST_TEXT) {
            throw new IOException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int readCount(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > LONGEST_LIST) {
            throw new IOException("a list of " + count + " elements");
        }
        return count;
    }
}
