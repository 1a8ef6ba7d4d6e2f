/* A record as an event: the same fields as in the audit log. */
#include <stdlib.h>

#include "record/event_object.h"
#include "record/fields.h"

static json_t *field_json(struct arena *arena, const struct field *field)
{
	return field->number ? json_integer((json_int_t)strtoull(field->value, NULL, 10))
			     : event_text(arena, field->value);
}

char *events_line(struct arena *arena, const struct record *record, const struct fields *fields,
	const char *host, long long milliseconds)
{
	json_t *object = event_object_of(arena, host, NULL, milliseconds);
	int failed = object == NULL;

	for (size_t i = 0; i < fields->count; i++)
		failed |= json_object_set_new(
			object, fields->items[i].name, field_json(arena, &fields->items[i]));
	if (record->tty != NULL)
		failed |= json_object_set_new(object, "terminal", event_text(arena, record->tty));
	failed |= json_object_set_new(
		object, "res", json_string(record->success ? "success" : "failed"));
	if (failed == 0)
		return event_object_text(arena, object);
	json_decref(object);
	return NULL;
}
