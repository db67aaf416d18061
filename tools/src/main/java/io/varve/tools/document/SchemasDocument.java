package io.varve.tools.document;

import java.util.List;

@Says("Without a command: the commands that print a document.")
public record SchemasDocument(@Says("The commands") List<CommandEntry> commands) {}
