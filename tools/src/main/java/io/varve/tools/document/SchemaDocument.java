package io.varve.tools.document;

import com.fasterxml.jackson.databind.JsonNode;

@Says("With a command: its schema.")
public record SchemaDocument(
        @Says("JSON Schema, draft 2020-12, of the command's document")
        JsonNode schema) {}
