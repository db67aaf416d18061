package io.varve.tools.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.util.UUID;

/** Snapshots in JSON output; all sizes in bytes. */
public final class SnapshotJson {
    private SnapshotJson() {}

    public static ObjectNode of(Snapshot snapshot) {
        Manifest manifest = snapshot.manifest();
        ObjectNode json = Output.newObject()
                .put("id", snapshot.id().text())
                .put("machine", manifest.machine())
                .put("host", manifest.host())
                .put("startedAt", manifest.startedAt().toString())
                .put("finishedAt", manifest.finishedAt().toString())
                .put("consistency", manifest.consistency())
                .put("writer", manifest.writer())
                .put("sequence", manifest.sequence().orElse(null))
                .put("parent", manifest.parent().map(Object::toString).orElse(null));
        var disks = json.putArray("disks");
        manifest.disks().forEach(disk -> disks.add(of(disk)));
        json.put("machineGuid", manifest.machineGuid().map(UUID::toString).orElse(null))
                .put("sourceState", manifest.sourceState().orElse(null));
        var files = json.putArray("files");
        manifest.files()
                .forEach(file -> files.addObject().put("name", file.name()).put("size", file.size()));
        return json;
    }

    public static ObjectNode of(DiskRecord disk) {
        ObjectNode json = Output.newObject()
                .put("number", disk.number())
                .put("name", disk.name())
                .put("guid", disk.guid().map(UUID::toString).orElse(null))
                .put("source", disk.source())
                .put("format", disk.format())
                .put("size", disk.size())
                .put("mapRoot", disk.mapRoot().hex())
                .put("changeToken", disk.changeToken().orElse(null))
                .put("mode", disk.mode())
                .put("reasonCode", disk.reasonCode())
                .put("reason", disk.reason())
                .put("changedBytes", disk.counters().changed())
                .put("readBytes", disk.counters().read())
                .put("zeroBytes", disk.counters().zero())
                .put("newBytes", disk.counters().added())
                .put("storedBytes", disk.counters().stored())
                .put("auditedBytes", disk.counters().audited());
        AuditText.write(disk, json);
        return json;
    }
}
