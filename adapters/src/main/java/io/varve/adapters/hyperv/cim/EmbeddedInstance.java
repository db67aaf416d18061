package io.varve.adapters.hyperv.cim;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An instance as a text parameter carries it: CIM-XML, DSP0201 section 5 ({@code <INSTANCE CLASSNAME=…>}). Only the
 * properties that were set are sent, so that a host whose class lacks others accepts it.
 */
public final class EmbeddedInstance {
    private record Property(String type, List<String> values, boolean isArray) {}

    private final String className;
    private final Map<String, Property> properties = new LinkedHashMap<>();

    public EmbeddedInstance(String className) {
        this.className = className;
    }

    /** Sets a property of type {@code uint8}, {@code uint16} … */
    public EmbeddedInstance number(String name, String type, long value) {
        properties.put(name, new Property(type, List.of(Long.toString(value)), false));
        return this;
    }

    /** Sets a boolean. */
    public EmbeddedInstance flag(String name, boolean value) {
        properties.put(name, new Property("boolean", List.of(value ? "TRUE" : "FALSE"), false));
        return this;
    }

    /** Sets a string. */
    public EmbeddedInstance text(String name, String value) {
        properties.put(name, new Property("string", List.of(value), false));
        return this;
    }

    /** Sets an array of strings. */
    public EmbeddedInstance texts(String name, List<String> values) {
        properties.put(name, new Property("string", List.copyOf(values), true));
        return this;
    }

    /** As XML, escaped once. */
    public String xml() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartElement("INSTANCE");
            xml.writeAttribute("CLASSNAME", className);
            for (Map.Entry<String, Property> entry : properties.entrySet()) {
                write(xml, entry.getKey(), entry.getValue());
            }
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML into memory", e);
        }
        return text.toString();
    }

    private static void write(XMLStreamWriter xml, String name, Property property) throws XMLStreamException {
        xml.writeStartElement(property.isArray() ? "PROPERTY.ARRAY" : "PROPERTY");
        xml.writeAttribute("NAME", name);
        xml.writeAttribute("TYPE", property.type());
        if (property.isArray()) {
            xml.writeStartElement("VALUE.ARRAY");
        }
        for (String value : property.values()) {
            xml.writeStartElement("VALUE");
            xml.writeCharacters(value);
            xml.writeEndElement();
        }
        if (property.isArray()) {
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /**
     * The properties of an instance that the host sent as text.
     *
     * @throws CimException when it is no such XML
     */
    public static CimFields parse(String text) throws CimException {
        XmlElement instance = XmlElement.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        if (!instance.name().equals("INSTANCE")) {
            throw CimException.answer("expected an INSTANCE, found " + instance.name());
        }
        Map<String, List<CimValue>> values = new LinkedHashMap<>();
        for (XmlElement property : instance.children()) {
            if (!property.name().startsWith("PROPERTY")) {
                continue; // qualifiers
            }
            List<CimValue> found = new ArrayList<>();
            for (XmlElement value : property.children()) {
                if (value.name().equals("VALUE")) {
                    found.add(new CimValue.Text(value.text()));
                } else if (value.name().equals("VALUE.ARRAY")) {
                    value.children().forEach(item -> found.add(new CimValue.Text(item.text())));
                }
            }
            if (!found.isEmpty()) {
                values.put(property.attribute("NAME"), found);
            }
        }
        return CimFields.of(instance.attribute("CLASSNAME"), values);
    }
}
