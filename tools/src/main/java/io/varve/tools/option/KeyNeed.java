package io.varve.tools.option;

/** What a command needs the key of an encrypted repository for. */
public enum KeyNeed {
    /** For nothing; if one is given, it also checks who wrote the manifests. */
    NONE,
    /** To read data. */
    READ,
    /** To store data. A key given for a repository that claims to be plain is refused then. */
    WRITE
}
