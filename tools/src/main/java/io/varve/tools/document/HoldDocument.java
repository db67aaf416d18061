package io.varve.tools.document;

@Says("The hold that was placed.")
public record HoldDocument(@Says("Its id") String holdId) {}
