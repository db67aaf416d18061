package io.varve.tools.document;

import java.util.List;

@Says("Without a name: the records that were made without the key.")
public record UnsignedRecordsDocument(@Says("The records") List<UnsignedRecordEntry> unsignedRecords) {}
