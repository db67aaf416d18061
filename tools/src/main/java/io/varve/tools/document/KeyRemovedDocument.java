package io.varve.tools.document;

@Says("The key that was removed.")
public record KeyRemovedDocument(@Says("Its id") String removedKeyId) {}
