package io.varve.tools.option;

/** Why a command needs the key of an encrypted repository. */
public enum KeyNeed {
    /** Not needed. A key that is given is used to verify the manifests. */
    NONE,
    /** To read data. */
    READ,
    /** To store data. Then a key for a repository that claims to be plain is refused. */
    WRITE
}
