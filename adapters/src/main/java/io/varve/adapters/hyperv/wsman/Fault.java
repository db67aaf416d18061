package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimException.Kind;
import io.varve.adapters.hyperv.cim.XmlElement;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Understands SOAP faults. Sorted by number and subcode, never by text: that is in the host's language. */
final class Fault {
    /** WBEM_E_NOT_FOUND, WBEM_E_INVALID_CLASS, WBEM_E_INVALID_NAMESPACE, ERROR_WSMAN_INVALID_RESOURCE_URI. */
    private static final Set<Long> NOT_FOUND = Set.of(0x80041002L, 0x80041010L, 0x8004100EL, 0x80338000L);

    /** E_ACCESSDENIED, ERROR_ACCESS_DENIED, WBEM_E_ACCESS_DENIED. */
    private static final Set<Long> DENIED = Set.of(0x80070005L, 5L, 0x80041003L);

    /** ERROR_WSMAN_OPERATION_TIMEDOUT, WBEM_S_TIMEDOUT. */
    private static final Set<Long> TIMED_OUT = Set.of(0x80338029L, 0x40004L);

    /**
     * WBEM_E_TRANSPORT_FAILURE, WBEM_E_SHUTTING_DOWN, WBEM_E_SERVER_TOO_BUSY, WBEM_E_QUOTA_VIOLATION,
     * RPC_S_SERVER_UNAVAILABLE, RPC_S_CALL_FAILED, and WinRM's limit of operations at one time.
     */
    private static final Set<Long> UNAVAILABLE =
            Set.of(0x80041015L, 0x80041033L, 0x80041045L, 0x8004106CL, 0x800706BAL, 0x800706BEL, 0x803381A6L);

    /** ERROR_WSMAN_MAX_ENVELOPE_SIZE_EXCEEDED, ERROR_WSMAN_SERVER_ENVELOPE_LIMIT. */
    private static final Set<Long> TOO_LARGE = Set.of(0x80338048L, 0x80338049L);

    private Fault() {}

    /**
     * The fault as an exception.
     *
     * @param fault the {@code s:Fault} element
     * @param what what was asked of the host, for the message
     */
    static CimException of(XmlElement fault, String host, String what) {
        String subcode = fault.descendant("Subcode")
                .flatMap(element -> element.child("Value"))
                .map(XmlElement::allText)
                .map(text -> text.substring(text.indexOf(':') + 1))
                .orElse("");
        long code = code(fault);
        Kind kind = kind(code, subcode);
        String reason = fault.descendant("Message")
                .map(XmlElement::allText)
                .filter(text -> !text.isEmpty())
                .or(() -> fault.descendant("Text").map(XmlElement::allText))
                .map(text -> text.replaceAll("\\s+", " "))
                .orElse("no reason given");
        String number = code == 0 ? subcode : String.format(Locale.ROOT, "0x%08X", code);
        return new CimException(kind, code, host + ": " + what + ": " + advice(kind) + reason + " (" + number + ")");
    }

    private static String advice(Kind kind) {
        return kind == Kind.DENIED
                ? "permission denied; the account must be a member of Hyper-V Administrators and Remote Management"
                        + " Users, or of Administrators, on the host. "
                : "";
    }

    private static Kind kind(long code, String subcode) {
        if (NOT_FOUND.contains(code) || subcode.equals("DestinationUnreachable")) {
            return Kind.NOT_FOUND;
        }
        if (DENIED.contains(code) || subcode.equals("AccessDenied")) {
            return Kind.DENIED;
        }
        if (TOO_LARGE.contains(code) || subcode.equals("EncodingLimit")) {
            return Kind.TOO_LARGE;
        }
        if (UNAVAILABLE.contains(code) || subcode.equals("QuotaLimit")) {
            return Kind.UNAVAILABLE;
        }
        return TIMED_OUT.contains(code) || subcode.equals("TimedOut") ? Kind.TIMED_OUT : Kind.FAULT;
    }

    /** The provider's own code tells more than WinRM's, which often only says that the provider failed. */
    private static long code(XmlElement fault) {
        Optional<XmlElement> outer = fault.descendant("WSManFault");
        Optional<XmlElement> inner = outer.flatMap(element -> element.descendant("WSManFault"));
        Optional<Long> provider = fault.descendant("MSFT_WmiError")
                .flatMap(error -> error.descendant("error_Code"))
                .flatMap(element -> number(element.allText()));
        return provider.filter(found -> found != 0)
                .or(() -> inner.flatMap(element -> number(element.attribute("Code"))))
                .or(() -> outer.flatMap(element -> number(element.attribute("Code"))))
                .orElse(0L);
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()) & 0xFFFF_FFFFL);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
