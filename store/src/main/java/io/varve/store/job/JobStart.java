package io.varve.store.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.Optional;

/**
 * The start of a job. For a job that was killed, this is all that is known.
 *
 * @param command what it does: {@code backup}, {@code nightly}, {@code fsck}
 * @param machine the machine; empty for a job that concerns no single machine
 * @param host name of the computer that it runs on
 * @param pid id of its process there
 * @param writer version of the program
 * @param job name of the nightly job that this is, or belongs to; older builds ignore it
 */
public record JobStart(
        String command, String machine, String host, long pid, String writer, Instant startedAt, Optional<String> job) {
    /** The start of a job that belongs to no nightly job. */
    public JobStart(String command, String machine, String host, long pid, String writer, Instant startedAt) {
        this(command, machine, host, pid, writer, startedAt, Optional.empty());
    }

    byte[] encode() {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("command", command)
                .put("machine", machine)
                .put("host", host)
                .put("pid", pid)
                .put("writer", writer)
                .put("startedAt", startedAt.toString());
        job.ifPresent(name -> json.put("job", name));
        return SealedJson.encode(json);
    }

    static JobStart decode(byte[] file, String name) throws CorruptDataException {
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        return new JobStart(
                json.text("command"),
                json.text("machine"),
                json.text("host"),
                json.number("pid", 0, Long.MAX_VALUE),
                json.text("writer"),
                json.time("startedAt"),
                json.optionalText("job"));
    }
}
