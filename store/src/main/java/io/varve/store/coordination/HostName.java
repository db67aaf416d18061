package io.varve.store.coordination;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this computer, for people. */
public final class HostName {
    private HostName() {}

    public static String get() {
        for (String variable : new String[] {"COMPUTERNAME", "HOSTNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isEmpty()) {
                return name;
            }
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
