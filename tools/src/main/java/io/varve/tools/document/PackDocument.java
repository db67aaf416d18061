package io.varve.tools.document;

import java.util.List;

@Says("Of a pack.")
public record PackDocument(@Says("Its frames") List<FrameEntry> frames) {}
