package io.varve.tools.document;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The meaning of a document or a field: its unit, and when it is absent. Shown in schemas and in docs/json.md. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Says {
    String value();

    /** All possible values of a text; empty if any text is possible. */
    String[] words() default {};
}
