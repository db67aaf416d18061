package io.varve.adapters.smb.link;

import java.io.IOException;
import java.util.Locale;
import jcifs.CIFSException;
import jcifs.smb.SmbAuthException;
import jcifs.smb.SmbException;
import org.ietf.jgss.GSSException;

/** What jcifs-ng says when it cannot connect or log on. */
final class LogonFailure {
    /** Stands for: the server did not say. */
    private static final int UNSUCCESSFUL = 0xC000_0001;

    private static final int MOST_CAUSES = 10;

    private LogonFailure() {}

    static IOException of(ServerAddress address, String who, CIFSException failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++, cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (said.contains("requires encryption")) {
                return new IOException(
                        address
                                + ": the server wants encryption, which Varve does not have"
                                + " (Get-SmbServerConfiguration: EncryptData; smb.conf: server smb encrypt)."
                                + " Mount its share with the operating system",
                        failure);
            }
            if (said.contains("not compatible with the server")) {
                return new IOException(
                        address + ": the server speaks neither SMB 3.1.1 nor 3.0.2 with signatures, which Varve needs:"
                                + " Windows Server 2012 R2 or Samba 4.3 at least",
                        failure);
            }
            if (said.contains("Signature validation failed")) {
                return new SignatureException("the logon", "wrong");
            }
            if (cause instanceof GSSException) {
                return new IOException(address + ": Kerberos logon to cifs/" + address.host() + ": " + said, failure);
            }
            boolean hasStatus =
                    cause instanceof SmbException smb && smb.getNtStatus() != UNSUCCESSFUL && smb.getNtStatus() != 0;
            if (hasStatus) {
                int status = ((SmbException) cause).getNtStatus();
                if (status == NtStatus.ACCESS_DENIED.code()) { // a wrong account has a status of its own
                    return new StatusException(
                            address + ": logging on as " + who + ": the server probably wants encryption, which Varve"
                                    + " does not have (Get-SmbServerConfiguration: EncryptData; smb.conf: server smb"
                                    + " encrypt). Mount its share with the operating system",
                            status,
                            failure);
                }
                return new StatusException(address + ": logging on as " + who, status, failure);
            }
            if (cause instanceof SmbAuthException) {
                return new StatusException(address + ": logging on as " + who, NtStatus.LOGON_FAILURE.code(), failure);
            }
        }
        return new LinkLostException("cannot connect to " + address + " (" + said(failure) + ")", failure);
    }

    /** The innermost message: those around it only repeat that something failed. */
    static String said(Throwable failure) {
        if (failure == null) {
            return "no reason given";
        }
        Throwable cause = failure;
        for (int i = 0; cause.getCause() != null && i < MOST_CAUSES; i++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        if (message.toLowerCase(Locale.ROOT).contains("timedout")) {
            return "time-out";
        }
        return message;
    }
}
