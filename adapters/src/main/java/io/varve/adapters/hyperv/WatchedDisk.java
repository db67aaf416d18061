package io.varve.adapters.hyperv;

import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A disk of a machine that must stay off while it is overwritten: the host is asked repeatedly. */
public final class WatchedDisk implements ExistingDisk {
    private final ExistingDisk disk;
    private final MachineRollback machine;
    private final long pause;
    private long asked; // guarded by this
    private boolean neverAsked = true; // guarded by this

    /**
     * @param disk taken over
     * @param pause between two questions
     */
    public WatchedDisk(ExistingDisk disk, MachineRollback machine, Duration pause) {
        this.disk = disk;
        this.machine = machine;
        this.pause = pause.toNanos();
    }

    private synchronized void checkOff() throws IOException {
        if (!neverAsked && System.nanoTime() - asked < pause) {
            return;
        }
        try {
            machine.checkOff();
        } catch (MachineRollback.RefusedException e) {
            throw new TargetException(e.getMessage() + ". Turn it off at once: its disks are partly overwritten", e);
        }
        asked = System.nanoTime();
        neverAsked = false;
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public String location() {
        return disk.location();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        disk.read(offset, target);
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return disk.allocated(window);
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        checkOff();
        disk.write(offset, source);
    }

    @Override
    public void zero(Range range) throws IOException {
        checkOff();
        disk.zero(range);
    }

    @Override
    public void commit() throws IOException {
        disk.commit();
        synchronized (this) {
            neverAsked = true;
        }
        checkOff();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}
