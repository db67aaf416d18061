package io.varve.adapters.hyperv.cim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, paths and XML, with the characters that names of machines and files have. */
class CimTest {
    private static XmlElement parse(String xml) throws CimException {
        return XmlElement.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void pathsAreQuotedAsWmiExpects() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("Name", "a\"b\\c");
        keys.put("InstanceID", "Microsoft:1\\2");
        CimPath path = new CimPath("Msvm_X", keys);
        assertEquals("Msvm_X.InstanceID=\"Microsoft:1\\\\2\",Name=\"a\\\"b\\\\c\"", path.relative());
        assertEquals("\\\\HV1\\root\\virtualization\\v2:" + path.relative(), path.text("HV1"));
        assertEquals("Msvm_X=@", new CimPath("Msvm_X", Map.of()).relative());
    }

    @Test
    void literalsCannotEndEarly() {
        assertEquals("'O\\'Brien\\\\'", Wql.literal("O'Brien\\"));
    }

    @Test
    void embeddedInstancesKeepEveryCharacter() throws CimException {
        String awkward = "web & <1> \"x\" ]]> ü 😀";
        String xml = new EmbeddedInstance("Msvm_X")
                .text("Name", awkward)
                .number("Level", "uint8", 1)
                .flag("On", true)
                .texts("All", List.of("a", "<b>"))
                .xml();
        CimFields fields = EmbeddedInstance.parse(xml);
        assertEquals(awkward, fields.text("Name"));
        assertEquals(1, fields.number("Level"));
        assertTrue(fields.flag("On"));
        assertEquals(List.of("a", "<b>"), fields.texts("All"));
        assertEquals(Optional.empty(), fields.find("Missing"));
    }

    @Test
    void whatIsMissingOrOfAnotherKindIsSaid() {
        CimFields fields = CimFields.of("Msvm_X", Map.of("N", List.of(new CimValue.Text("12x"))));
        assertTrue(assertThrows(CimException.class, () -> fields.number("N"))
                .getMessage()
                .contains("Msvm_X.N: expected a number, found '12x'"));
        assertTrue(assertThrows(CimException.class, () -> fields.text("M"))
                .getMessage()
                .contains("Msvm_X.M: expected a value, found none"));
        assertThrows(CimException.class, () -> fields.reference("N"));
    }

    @Test
    void numbersBeyondALongAreRefused() {
        CimFields fields = CimFields.NONE.with("N", "18446744073709551615");
        assertThrows(CimException.class, () -> fields.number("N"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "<a>",
                "<a></b>",
                "no xml",
                "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
            })
    void noXmlIsAnAnswerThatCannotBeUnderstood(String xml) {
        assertEquals(
                CimException.Kind.ANSWER,
                assertThrows(CimException.class, () -> parse(xml)).kind());
    }

    @Test
    void depthIsBounded() {
        assertThrows(CimException.class, () -> parse("<a>".repeat(100_000)));
    }

    @Test
    void everyCutOfADocumentIsRefused() throws CimException {
        String xml = "<?xml version=\"1.0\"?><a x=\"1\"><b>t</b><![CDATA[ c ]]></a>";
        assertEquals("a", parse(xml).name());
        for (int length = 0; length < xml.length(); length++) {
            String cut = xml.substring(0, length);
            assertThrows(CimException.class, () -> parse(cut), cut);
        }
    }
}
