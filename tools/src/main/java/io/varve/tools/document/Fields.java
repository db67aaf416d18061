package io.varve.tools.document;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Optional;

/** Reads the components of document records by reflection. */
final class Fields {
    private Fields() {}

    /** Returns the value of a component; null for an absent optional one. */
    static Object value(RecordComponent component, Record document) {
        Object value;
        try {
            value = component.getAccessor().invoke(document);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("documents are public records whose accessors only return a value", e);
        }
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    static boolean isOptional(RecordComponent component) {
        return component.getType() == Optional.class;
    }

    /** Returns the type of a component; for an optional one, the type of its value. */
    static Type type(RecordComponent component) {
        return isOptional(component) ? argument(component.getGenericType()) : component.getGenericType();
    }

    /** Returns the type argument of a list or an optional. */
    static Type argument(Type generic) {
        return ((java.lang.reflect.ParameterizedType) generic).getActualTypeArguments()[0];
    }

    static Says says(RecordComponent component) {
        Says says = component.getAnnotation(Says.class);
        if (says == null) {
            throw new IllegalStateException(component.getDeclaringRecord() + "." + component.getName()
                    + " has no @Says: every field of a document is described");
        }
        return says;
    }
}
