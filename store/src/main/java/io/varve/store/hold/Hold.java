package io.varve.store.hold;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.Optional;

/**
 * A reason not to forget any snapshot of a machine.
 *
 * @param id id of the hold, as used on the command line
 * @param machine whose snapshots are kept
 * @param disk the disk that raised it; empty if no disk did
 * @param code short and stable, such as {@code disk-empty}; {@code operator} for a hold that a person placed
 * @param reason the reason in words
 * @param snapshot id of the snapshot in which the problem was noticed, as text
 * @param host computer that placed the hold
 */
public record Hold(
        String id,
        String machine,
        Optional<String> disk,
        String code,
        String reason,
        Optional<String> snapshot,
        String host,
        Instant since) {
    byte[] encode() {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("id", id)
                .put("machine", machine)
                .put("disk", disk.orElse(null))
                .put("code", code)
                .put("reason", reason)
                .put("snapshot", snapshot.orElse(null))
                .put("host", host)
                .put("since", since.toString());
        return SealedJson.encode(json);
    }

    static Hold decode(byte[] file, String name, String id) throws CorruptDataException {
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        if (!json.text("id").equals(id)) {
            throw json.wrong("id", "the id in the file's name, " + id + ",");
        }
        Hold hold = new Hold(
                id,
                json.text("machine"),
                json.optionalText("disk"),
                json.text("code"),
                json.text("reason"),
                json.optionalText("snapshot"),
                json.text("host"),
                json.time("since"));
        if (!id.startsWith(Holds.prefix(hold.machine))) {
            throw json.wrong("machine", "the machine that the file's name is derived from");
        }
        return hold;
    }
}
