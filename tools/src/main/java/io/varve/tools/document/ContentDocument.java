package io.varve.tools.document;

import com.fasterxml.jackson.databind.JsonNode;

@Says("Of a manifest or another JSON file of a repository.")
public record ContentDocument(
        @Says("What the file holds, as docs/format.md describes it")
        JsonNode content) {}
