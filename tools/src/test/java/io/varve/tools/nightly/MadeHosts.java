package io.varve.tools.nightly;

import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.vss.message.Reply;
import io.varve.engine.port.SourceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Hosts that are made up: what they say, and what the repository remembers of them. */
final class MadeHosts implements HostListing {
    final Map<String, List<VirtualMachine>> hosts = new HashMap<>();
    final List<Remembered> remembered = new ArrayList<>();
    int questions;

    /** A machine of a host, which answers from then on. */
    VirtualMachine add(String host, String name) {
        return add(host, name, UUID.randomUUID());
    }

    VirtualMachine add(String host, String name, UUID id) {
        VirtualMachine machine = new VirtualMachine(id, name, "10.0", 2);
        hosts.computeIfAbsent(host, none -> new ArrayList<>()).add(machine);
        return machine;
    }

    @Override
    public List<VirtualMachine> machines(Selection.Host host) throws IOException {
        questions++;
        if (!hosts.containsKey(host.name())) {
            throw new SourceException(host.name() + ": no answer");
        }
        return hosts.get(host.name());
    }

    @Override
    public List<Reply.Machine> shadowed() throws IOException {
        throw new SourceException("not Windows");
    }

    @Override
    public List<Remembered> remembered() {
        return remembered;
    }
}
