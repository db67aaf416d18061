package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.CimValue;
import io.varve.adapters.hyperv.cim.XmlElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Understands answers. */
final class Answer {
    private Answer() {}

    /**
     * Part of an enumeration.
     *
     * @param context for the next part; empty after the last one
     */
    record Page(List<CimObject> objects, Optional<String> context) {}

    static Page page(XmlElement body) throws CimException {
        XmlElement answer = only(body);
        List<CimObject> objects = new ArrayList<>();
        Optional<XmlElement> items = answer.child("Items");
        if (items.isPresent()) {
            for (XmlElement item : items.get().children()) {
                objects.add(object(item));
            }
        }
        boolean ended = answer.child("EndOfSequence").isPresent();
        Optional<String> context =
                answer.child("EnumerationContext").map(XmlElement::allText).filter(text -> !text.isEmpty());
        if (!ended && context.isEmpty()) {
            throw CimException.answer("an enumeration neither ended nor can be continued");
        }
        return new Page(objects, ended ? Optional.empty() : context);
    }

    private static CimObject object(XmlElement item) throws CimException {
        XmlElement reference = item.child("EndpointReference")
                .orElseThrow(() -> CimException.answer("an item of an enumeration has no path"));
        for (XmlElement child : item.children()) {
            if (child != reference) {
                return new CimObject(path(reference), fields(child.name(), child));
            }
        }
        throw CimException.answer("an item of an enumeration has no object");
    }

    static CimFields object(XmlElement body, String className) throws CimException {
        XmlElement object = only(body);
        return fields(className, object);
    }

    static CimFields output(XmlElement body, String method) throws CimException {
        XmlElement output = only(body);
        if (!output.name().equals(method + "_OUTPUT")) {
            throw CimException.answer("expected " + method + "_OUTPUT, found " + output.name());
        }
        return fields(method, output);
    }

    private static XmlElement only(XmlElement body) throws CimException {
        if (body.children().size() != 1) {
            throw CimException.answer("expected one element in the SOAP body, found "
                    + body.children().size());
        }
        return body.children().get(0);
    }

    private static CimFields fields(String owner, XmlElement element) throws CimException {
        Map<String, List<CimValue>> values = new LinkedHashMap<>();
        for (XmlElement child : element.children()) {
            if (!child.attribute("nil").equals("true")) {
                values.computeIfAbsent(child.name(), name -> new ArrayList<>()).add(value(child));
            }
        }
        return CimFields.of(owner, values);
    }

    private static CimValue value(XmlElement element) throws CimException {
        // A date is in an element of its own; a text keeps its white space.
        boolean isReference = element.child("ReferenceParameters").isPresent();
        if (isReference) {
            return new CimValue.Reference(path(element));
        }
        return new CimValue.Text(element.children().isEmpty() ? element.text() : element.allText());
    }

    private static CimPath path(XmlElement reference) throws CimException {
        XmlElement parameters = reference
                .child("ReferenceParameters")
                .orElseThrow(() -> CimException.answer("a reference without parameters"));
        String resource =
                parameters.child("ResourceURI").map(XmlElement::allText).orElse("");
        Map<String, String> keys = new LinkedHashMap<>();
        Optional<XmlElement> selectors = parameters.child("SelectorSet");
        if (selectors.isPresent()) {
            for (XmlElement selector : selectors.get().children()) {
                if (!selector.attribute("Name").equals("__cimnamespace")) {
                    keys.put(selector.attribute("Name"), selector.text());
                }
            }
        }
        return new CimPath(resource.substring(resource.lastIndexOf('/') + 1), keys);
    }
}
