package io.varve.adapters.vss.worker;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * A COM object of which methods are called by their slot. The process's COM apartment is multi-threaded, so any thread
 * may call. GUIDs that the interface takes by value are passed as pointers: that is how the x64 calling convention
 * passes structures of more than eight bytes.
 */
final class ComObject implements AutoCloseable {
    private final Pointer pointer;

    /** Takes over one reference, which {@link #close} releases. */
    ComObject(Pointer pointer) {
        this.pointer = pointer;
    }

    /** @return the HRESULT */
    int call(int slot, Object... arguments) {
        Pointer method = pointer.getPointer(0).getPointer((long) slot * Long.BYTES);
        Object[] all = new Object[arguments.length + 1];
        all[0] = pointer;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Function.getFunction(method).invokeInt(all);
    }

    /**
     * As {@link #call}.
     *
     * @param step name of the method, for messages
     * @throws VssException when the HRESULT is an error
     */
    void invoke(String step, int slot, Object... arguments) throws VssException {
        int code = call(slot, arguments);
        if (code < 0) {
            throw new VssException(step, code);
        }
    }

    /** Calls a method whose last argument returns an object. */
    ComObject get(String step, int slot, Object... arguments) throws VssException {
        PointerByReference result = new PointerByReference();
        Object[] all = new Object[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = result;
        invoke(step, slot, all);
        if (result.getValue() == null) {
            throw new VssException(step + ": succeeded without a result", VssError.Outcome.FAIL);
        }
        return new ComObject(result.getValue());
    }

    @Override
    public void close() {
        call(VssAbi.RELEASE);
    }
}
